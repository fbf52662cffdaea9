package dev.procpool.local;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does about archives of classes. Immutable.
 *
 * @param folder where workers find one and it is kept; null for no use of it
 * @param target where this pool's only worker writes one; null if it does not
 * @param recorded the class path of that worker
 */
record ArchiveUse(@Nullable Path folder, @Nullable Path target, List<String> recorded) {

  static final ArchiveUse NONE = new ArchiveUse(null, null, List.of());

  /** Uses the folder of this JVM's user. */
  static ArchiveUse byDefault() {
    return new ArchiveUse(ArchiveFolder.ofUser(), null, List.of());
  }
}
