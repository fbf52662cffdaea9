package dev.procpool.local;

import dev.procpool.PoolTerminatedException;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.call.SharedValues;
import dev.procpool.codec.Codec;
import dev.procpool.local.archive.ClassArchive;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.TaskEncoder;
import dev.procpool.local.dispatch.Dispatcher;
import dev.procpool.local.dispatch.PoolParts;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.engine.PoolThreads;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.launch.MachineShare;
import dev.procpool.local.launch.ProcessLauncher;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.observe.Observation;
import dev.procpool.sharing.SharedFile;
import dev.procpool.sharing.SharedLife;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls in worker processes on this machine: the thread-safe face of the {@link Dispatcher},
 * to whose thread everything is handed over.
 */
final class LocalBackend implements Backend, Dispatcher.Owner {

  private final PoolSettings settings;
  private final PoolDirectory directory;
  private final Codec codec;

  private final Engine engine;
  private final ProcessLauncher launcher;
  private final Dispatcher dispatcher;
  private final LocalCalls calls;
  private final ExecutorService threads;
  private final MachineShare share;
  private final @Nullable ArchiveMaker archiveMaker;

  /** Whether an archive with users' classes is made, or needs not. The engine's thread's. */
  private boolean isArchiveBegun;

  private final AtomicLong lastShared = new AtomicLong();
  private final SharedValues shared = new SharedValues();

  /** Has workers let go of their copies of a value. One object, which is not there twice. */
  private final Consumer<String> sharedHolder = this::dropShared;

  private LocalBackend(
      PoolSettings settings, PoolDirectory directory, PoolParts parts, boolean starts)
      throws IOException {
    this.settings = settings;
    this.directory = directory;
    boolean records =
        settings.jvm().archive().target() != null; // for a moment: no worker has less for it
    this.share =
        parts.share(new MachineShare(records ? 0 : settings.processes(settings.workers())));
    this.threads =
        parts.threads(PoolThreads.create("procpool-" + settings.name() + "-io", this::threadDied));
    this.launcher = parts.launcher(new ProcessLauncher(settings, directory, share));
    this.engine = parts.engine(new Engine(settings.spin().nanos()));
    this.codec = settings.codecs().codec();
    Codec itemCodec = settings.codecs().forItems(codec);
    this.dispatcher =
        new Dispatcher(
            settings, directory, engine, launcher, threads, itemCodec, parts, this, starts);
    engine.open(parts.selector(Selector.open()));
    this.calls =
        new LocalCalls(
            settings, engine, dispatcher, threads, new TaskEncoder(codec), itemCodec, sharedHolder);
    ClassArchive archive = launcher.archive();
    this.archiveMaker =
        archive == null || settings.depth() > 1 ? null : new ArchiveMaker(settings, archive);
    settings
        .actions()
        .classSource()
        .onRelease(number -> engine.execute(() -> dispatcher.sender().release(number)));
  }

  /** Makes the backend as {@link #open(PoolSettings)} does, and begins to tell its observers. */
  static LocalBackend openObserved(PoolSettings settings) {
    Observation observation = settings.insight().observation();
    boolean isOpen = false;
    try {
      observation.begin();
      LocalBackend backend = open(settings);
      isOpen = true;
      return backend;
    } finally {
      if (!isOpen) {
        observation.terminated();
      }
    }
  }

  /**
   * Makes the backend. Its first worker starts at once, the others when there is work: a JVM takes
   * longer to start than a pool to be made and a task to be encoded, so these go on side by side.
   */
  static LocalBackend open(PoolSettings settings) {
    return open(settings, true);
  }

  /**
   * Makes the backend.
   *
   * @param starts whether its first worker starts at once, or with the first call
   */
  static LocalBackend open(PoolSettings settings, boolean starts) {
    return open(settings, starts, new PoolParts());
  }

  /** Makes the backend of parts, of which nothing stays if it can't be made. */
  static LocalBackend open(PoolSettings settings, boolean starts, PoolParts parts) {
    PoolDirectory directory = null;
    try {
      directory = parts.directory(PoolDirectory.create());
      LocalBackend backend = new LocalBackend(settings, directory, parts, starts);
      backend.dispatcher.listen(parts.server(directory.listen()));
      backend.engine.start("procpool-" + settings.name() + "-engine", backend.dispatcher.rounds());
      return backend;
    } catch (RuntimeException | Error e) {
      parts.undo(e);
      settings.actions().uses().end();
      throw e;
    } catch (IOException e) {
      parts.undo(e);
      settings.actions().uses().end();
      if (directory != null && directory.isGone()) {
        throw new IllegalStateException(
            "pool '" + settings.name() + "' can't be made: the program is ending", e);
      }
      throw new UncheckedIOException(
          "pool '"
              + settings.name()
              + "' can't be set up in the temporary directory "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  // ------------------------------------------------------------------ calls

  @Override
  public void submit(Submission<?, ?> call) {
    calls.submit(call);
  }

  @Override
  public void help(BooleanSupplier done) {
    if (settings.spin().helps()) {
      engine.help(null, done, settings.spin().nanos());
    }
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    calls.cancel(submission, interruptRunning);
  }

  // ------------------------------------------------------------------ values

  @Override
  public <T> Shared<T> share(T value) {
    dispatcher.end().refuseIfBroken();
    Path file = directory.file("shared-" + lastShared.incrementAndGet());
    SharedLife life = new SharedLife(file.toString());
    SharedFile<T> handle;
    try {
      handle = SharedFile.create(value, codec, sharedHolder, life);
    } catch (UncheckedIOException e) {
      if (engine.isStopped()) { // and its directory is gone
        throw dispatcher.end().failure();
      }
      throw e;
    }
    if (!shared.keep(handle, life)) {
      throw dispatcher.end().failure();
    }
    return handle;
  }

  @Override
  public void dropShared(String key) {
    engine.execute(() -> dispatcher.sender().dropShared(key));
  }

  // ------------------------------------------------------------------ workers

  @Override
  public List<WorkerInfo> workers() {
    return view().workers();
  }

  @Override
  public BackendStats stats() {
    return view().stats();
  }

  /** Made when somebody asks: many a program never does. */
  private LocalView view() {
    return new LocalView(engine, dispatcher.snapshots(), settings.isSandboxed());
  }

  @Override
  public boolean isBroken() {
    return dispatcher.end().isBroken();
  }

  @Override
  public void resize(int workers) {
    share.resize(settings.processes(workers));
    engine.execute(() -> dispatcher.sizing().resize(workers));
  }

  @Override
  public void prestart() {
    engine.execute(dispatcher.sizing()::prestart);
  }

  // ------------------------------------------------------------------ end

  @Override
  public void shutdown() {
    if (archiveMaker != null) {
      archiveMaker.shutdown();
    }
    engine.execute(dispatcher.end()::shutdown);
  }

  @Override
  public void terminate() {
    PoolTerminatedException cause =
        new PoolTerminatedException("pool '" + settings.name() + "' was terminated");
    calls.abortAll(cause);
    engine.execute(() -> dispatcher.end().terminate(cause));
    if (archiveMaker != null) {
      archiveMaker.stop();
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    long begin = System.nanoTime();
    if (!dispatcher.end().await(timeout)) {
      return false;
    }
    long left = Nanos.of(timeout) - (System.nanoTime() - begin);
    return archiveMaker == null || archiveMaker.awaitEnd(Duration.ofNanos(left));
  }

  /** Something that the engine waits for may never come. */
  private void threadDied(Throwable error) {
    if (error instanceof VirtualMachineError || error instanceof LinkageError) {
      engine.giveUp(error);
    }
  }

  // ------------------------------------------------------------------ the dispatcher's owner

  @Override
  public void workerReady() {
    if (archiveMaker != null && !settings.jvm().archive().hasUsers()) {
      archiveMaker.begin();
    }
  }

  @Override
  public void callGone(LocalCall call) {
    calls.ended(call);
    if (archiveMaker != null && settings.jvm().archive().hasUsers() && !isArchiveBegun) {
      isArchiveBegun = true;
      archiveMaker.begin();
    }
  }

  @Override
  public void abortAll(@Nullable RuntimeException failure) {
    calls.abortEach(failure);
  }

  @Override
  public void engineEnded(@Nullable RuntimeException failure) {
    abortAll(failure); // those that were taken meanwhile
    calls.clear();
    shared.end();
    settings.actions().uses().end();
    if (archiveMaker != null && failure != null) {
      archiveMaker.stop();
    }
    share.resize(0);
    settings.actions().classSource().close();
    launcher.close();
    threads.shutdownNow();
    directory.delete();
    settings.insight().observation().terminated();
  }
}
