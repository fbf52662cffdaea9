package dev.procpool.local.settings;

import dev.procpool.WorkerOutput;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.ObjectCodec;
import dev.procpool.spi.SandboxCommand;
import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code ProcessPool.Builder} was told, checked. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // encoded actions; never compared
public record PoolSettings(
    String name,
    int workers,
    ClassSource classSource,
    long actionsLoader,
    byte[] initializer,
    byte[] finalizer,
    SharedUses uses,
    int maxTasksPerWorker,
    long maxWorkerMemory,
    @Nullable Duration idleTimeout,
    JvmOptions jvmOptions,
    List<Path> classPath,
    Path javaHome,
    WorkerEnvironment environment,
    @Nullable SandboxCommand sandbox,
    @Nullable Path workingDirectory,
    @Nullable Path workerTemp,
    WorkerOutput output,
    Insight insight,
    int restarts,
    Duration restartWindow,
    Duration gracePeriod,
    boolean keepsChildren,
    Duration freezeLimit,
    Spin spin,
    Duration startLimit,
    long maxPayload,
    @Nullable ObjectInputFilter resultFilter,
    @Nullable ObjectCodec objectCodec,
    ItemCodec itemCodec,
    ArchiveUse archive,
    int depth) {

  /** Whether workers start within a sandbox. */
  public boolean isSandboxed() {
    return sandbox != null;
  }

  /** Whether workers have a folder for temporary files of their own from their sandbox. */
  public boolean isBoxed() {
    return sandbox != null && sandbox.hasOwnTemporaryFolder();
  }

  /** The settings of a pool whose worker is like this one's, and writes an archive at its end. */
  public PoolSettings recording(Path target, List<String> jars) {
    return new PoolSettings(
        name + "-archive",
        1,
        new ClassSource(),
        ClassSource.CLASS_PATH,
        new byte[0],
        new byte[0],
        new SharedUses(key -> {}),
        0,
        0,
        null,
        jvmOptions,
        List.of(),
        javaHome,
        environment,
        sandbox,
        workingDirectory,
        workerTemp,
        WorkerOutput.discard(),
        Insight.none(name + "-archive"),
        0,
        restartWindow,
        gracePeriod,
        false,
        freezeLimit,
        spin,
        startLimit,
        Integer.MAX_VALUE - 1024,
        null,
        null,
        ItemCodec.NONE,
        new ArchiveUse(null, target, jars),
        depth);
  }
}
