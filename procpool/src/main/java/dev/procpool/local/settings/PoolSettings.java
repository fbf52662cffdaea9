package dev.procpool.local.settings;

import dev.procpool.WorkerOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.DepthFilter;
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

/**
 * What {@code ProcessPool.Builder} was told, checked, in groups. Immutable.
 *
 * @param codecs how values are written and read
 * @param actions what each worker is started with
 * @param jvm how a worker's process is started
 * @param limits how long and how much
 * @param depth how deep workers are nested
 */
public record PoolSettings(
    String name,
    int workers,
    Codecs codecs,
    Actions actions,
    Jvm jvm,
    Limits limits,
    WorkerOutput output,
    Insight insight,
    Spin spin,
    int depth) {

  /**
   * How values are written and read.
   *
   * @param maxPayload how many bytes one may take
   * @param resultFilter what of workers' is deserialized; null for the default
   * @param objectCodec what the user has instead of Java serialization; null for nothing
   * @param itemCodec the same as workers get it
   */
  public record Codecs(
      long maxPayload,
      @Nullable ObjectInputFilter resultFilter,
      @Nullable ObjectCodec objectCodec,
      ItemCodec itemCodec) {

    /** All classes; but no graph that takes more of the stack than there may be. */
    private static final ObjectInputFilter DEFAULT_FILTER = new DepthFilter(1000);

    /** Makes what writes and reads all but arguments and results. */
    public Codec codec() {
      return new Codec(resultFilter == null ? DEFAULT_FILTER : resultFilter, maxPayload);
    }

    /** Makes of it what writes and reads arguments and results. */
    public Codec forItems(Codec codec) {
      return codec.withObjects(objectCodec, itemCodec.writesResults() ? objectCodec : null);
    }
  }

  /**
   * What each worker is started with, encoded.
   *
   * @param classSource the loaders of the calls
   * @param loader the number of the loader of the actions
   * @param uses the shared values in them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Actions(
      ClassSource classSource, long loader, byte[] initializer, byte[] finalizer, SharedUses uses) {

    private static Actions none() {
      return new Actions(
          new ClassSource(),
          ClassSource.CLASS_PATH,
          new byte[0],
          new byte[0],
          new SharedUses(key -> {}));
    }
  }

  /**
   * How a worker's process is started; null where the user has said nothing.
   *
   * @param inherits whether workers have options of this JVM
   * @param inheritsClassPath whether they have this JVM's class path
   * @param sharedFolder where the values are that another JVM has shared
   * @param byWorker what differs from worker to worker
   */
  public record Jvm(
      JvmOptions options,
      boolean inherits,
      boolean inheritsClassPath,
      List<Path> classPath,
      @Nullable Path sharedFolder,
      Path home,
      WorkerEnvironment environment,
      @Nullable SandboxCommand sandbox,
      @Nullable Path workingDirectory,
      @Nullable Path workerTemp,
      boolean keepsChildren,
      ArchiveUse archive,
      ByWorker byWorker) {

    Jvm with(JvmOptions others, WorkerEnvironment variables) {
      return new Jvm(
          others,
          inherits,
          inheritsClassPath,
          classPath,
          sharedFolder,
          home,
          variables,
          sandbox,
          workingDirectory,
          workerTemp,
          keepsChildren,
          archive,
          ByWorker.NOTHING);
    }
  }

  /**
   * How long and how much.
   *
   * @param firstNumber the lowest number that a worker may have
   * @param spareWorkers how many workers are kept ready beside the others
   */
  public record Limits(
      int firstNumber,
      int spareWorkers,
      int maxTasksPerWorker,
      long maxWorkerMemory,
      @Nullable Duration idleTimeout,
      int restarts,
      Duration restartWindow,
      Duration gracePeriod,
      Duration freezeLimit,
      Duration startLimit) {

    private Limits ofRecording() {
      return new Limits(0, 0, 0, 0, null, 0, restartWindow, gracePeriod, freezeLimit, startLimit);
    }
  }

  /** How many processes there may be where there may be so many workers. */
  public int processes(int ofWorkers) {
    return (int) Math.min(Integer.MAX_VALUE, (long) ofWorkers + limits.spareWorkers());
  }

  /** Whether workers start within a sandbox. */
  public boolean isSandboxed() {
    return jvm.sandbox() != null;
  }

  /** Whether workers have a folder for temporary files of their own from their sandbox. */
  public boolean isBoxed() {
    SandboxCommand sandbox = jvm.sandbox();
    return sandbox != null && sandbox.hasOwnTemporaryFolder();
  }

  /**
   * The settings as they are for one worker: this object where workers don't differ.
   *
   * @throws WrongOptionException if what the user says of it can't be used
   */
  public PoolSettings ofWorker(int number) {
    if (jvm.byWorker().isNothing()) {
      return this;
    }
    return new PoolSettings(
        name,
        workers,
        codecs,
        actions,
        jvm.byWorker().of(number, jvm),
        limits,
        output,
        insight,
        spin,
        depth);
  }

  /** The settings of a pool whose worker is like this one's, and writes an archive at its end. */
  public PoolSettings recording(Path target, List<String> jars) {
    String recorder = name + "-archive";
    return new PoolSettings(
        recorder,
        1,
        new Codecs(Integer.MAX_VALUE - 1024, null, null, ItemCodec.NONE),
        Actions.none(),
        new Jvm(
            jvm.options(),
            jvm.inherits(),
            jvm.inheritsClassPath(),
            List.of(),
            null,
            jvm.home(),
            jvm.environment(),
            jvm.sandbox(),
            jvm.workingDirectory(),
            jvm.workerTemp(),
            false,
            new ArchiveUse(null, target, jars, false),
            ByWorker.NOTHING),
        limits.ofRecording(),
        WorkerOutput.discard(),
        Insight.none(recorder),
        spin,
        depth);
  }
}
