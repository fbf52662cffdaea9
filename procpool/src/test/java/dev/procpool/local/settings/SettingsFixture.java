package dev.procpool.local.settings;

import dev.procpool.WorkerOutput;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.sharing.SharedUses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings of a pool for tests of single parts. */
public final class SettingsFixture {

  private SettingsFixture() {}

  /** Of a pool whose worker starts. */
  public static PoolSettings real() {
    return settings(Path.of(System.getProperty("java.home")), 1 << 20);
  }

  public static PoolSettings settings(String... jvmOptions) {
    return settings(Path.of("java"), 1, jvmOptions);
  }

  private static PoolSettings settings(Path javaHome, long maxPayload, String... jvmOptions) {
    return new PoolSettings(
        "test",
        1,
        new PoolSettings.Codecs(maxPayload, null, null, ItemCodec.NONE),
        new PoolSettings.Actions(
            new ClassSource(), 0, new byte[0], new byte[0], new SharedUses(key -> {})),
        new PoolSettings.Jvm(
            JvmOptions.of(List.of(jvmOptions)),
            false,
            true,
            List.of(Path.of("extra.jar")),
            null,
            javaHome,
            new WorkerEnvironment(true, Map.of()),
            null,
            null,
            null,
            false,
            ArchiveUse.NONE,
            ByWorker.NOTHING),
        new PoolSettings.Limits(
            0,
            0,
            0,
            0,
            null,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60)),
        WorkerOutput.discard(),
        Insight.none("test"),
        Spin.byDefault(),
        3);
  }
}
