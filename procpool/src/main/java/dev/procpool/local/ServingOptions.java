package dev.procpool.local;

import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.EncodedActions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of workers that serve another JVM, whose calls a {@link CallEncoder} has encoded. Each
 * method changes and returns the builder. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class ServingOptions<B extends ServingOptions<B>> extends InsightOptions<B> {

  private @Nullable Path sharedFolder;
  private @Nullable EncodedActions actions;

  ServingOptions() {}

  /**
   * Sets where workers find the values that {@link CallEncoder#share} has shared in the other JVM:
   * each in a file of its key, which is there before an item that uses it. Several pools may have
   * the same folder. A worker reads a file when a task first asks for the value, and keeps what it
   * has read until {@link dev.procpool.spi.Backend#dropShared}. Pools that tasks make find them
   * there too, as does a sandbox. Default: none.
   *
   * @param folder an existing directory; the pool removes nothing in it
   * @return this
   * @since 0.2.0
   */
  public B sharedFolder(Path folder) {
    sharedFolder = folder.toAbsolutePath();
    return self();
  }

  /**
   * Sets what each worker is started with, as {@link CallEncoder#actions} has encoded it in the
   * other JVM. Initializer, finalizer, object codec and {@code maxPayload} of this builder don't
   * count then; a result filter would meet nothing here. Default: none.
   *
   * @param encoded the actions
   * @return this
   * @since 0.2.0
   */
  public B actions(EncodedActions encoded) {
    actions = Objects.requireNonNull(encoded, "encoded");
    return self();
  }

  /**
   * Takes over options of workers that {@link LifeOptions#encodeFor} has encoded in the other JVM,
   * in the place of all that this builder has of these.
   *
   * @param encoded the options
   * @return this
   * @throws IllegalArgumentException if these are no such bytes, or of another version of procpool
   * @since 0.2.0
   */
  public B options(byte[] encoded) {
    takeOver(LifeSetup.decode(encoded));
    return self();
  }

  @Override
  PoolSettings.Actions actions(ClassSource classes, SharedUses uses) {
    return actions == null
        ? super.actions(classes, uses)
        : new PoolSettings.Actions(
            classes,
            classes.pinLoader(actions.classes()),
            actions.initializer(),
            actions.finalizer(),
            uses);
  }

  @Override
  PoolSettings.Codecs codecs(ClassSource classes, SharedUses uses) {
    if (actions == null) {
      return super.codecs(classes, uses);
    }
    ItemCodec codec =
        actions.codec().length == 0
            ? ItemCodec.NONE
            : new ItemCodec(
                classes.pinLoader(actions.codecClasses()),
                actions.writesResults(),
                actions.codec());
    return new PoolSettings.Codecs(actions.maxPayload(), null, null, codec);
  }

  @Override
  List<String> codecJvmOptions() {
    return actions == null ? super.codecJvmOptions() : actions.codecOptions();
  }

  @Override
  @Nullable Path sharedFolder() {
    return sharedFolder;
  }
}
