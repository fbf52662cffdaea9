package dev.procpool.local.fleet;

import dev.procpool.RunningItem;
import dev.procpool.WorkerOutput;
import dev.procpool.channel.WorkerMemory;
import dev.procpool.guard.SafeText;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.launch.Launcher.Launched;
import dev.procpool.local.output.CallLabels;
import dev.procpool.local.output.OutputPump;
import dev.procpool.local.output.OutputStreams;
import dev.procpool.local.output.OutputTail;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.process.LostChild;
import dev.procpool.process.ProcessEnd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the processes of workers, each on a thread of the pool that then waits for its end.
 *
 * <p>Immutable. What becomes of a start is told on the engine's thread.
 */
final class WorkerStart {

  /** So long a process is looked for that there was no memory to know of. */
  private static final long LOST_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** By then a worker is ready, if the machine has not much else to do. */
  private static final long START_MILLIS = 500;

  private static final byte[] NOTHING = new byte[0];

  /** What a start consists of that has failed. */
  private static final int PARTS = 5;

  /** Is told on the engine's thread. */
  interface Listener {

    void launched(Worker worker, Launched launched, MemoryFiles.Named memory);

    /**
     * No process could be made, or one that was {@link #launched} and can't be used.
     *
     * @param text the cause in words
     */
    void launchFailed(Worker worker, Throwable cause, String text);

    /** A process has ended, and its output was read. */
    void exited(Worker worker, int status, @Nullable CrashFile crash);
  }

  private final PoolSettings settings;
  private final PoolDirectory directory;
  private final Engine engine;
  private final Launcher launcher;
  private final Executor threads;
  private final WorkerNews news;
  private final MemoryFiles memoryFiles;
  private final Offspring offspring;
  private final ExitWatch exits;
  private final Listener listener;

  WorkerStart(
      PoolSettings settings,
      PoolDirectory directory,
      Engine engine,
      Launcher launcher,
      Executor threads,
      WorkerNews news,
      Offspring offspring,
      Listener listener) {
    this.settings = settings;
    this.directory = directory;
    this.engine = engine;
    this.launcher = launcher;
    this.threads = threads;
    this.news = news;
    this.memoryFiles = new MemoryFiles(directory);
    this.offspring = offspring;
    this.exits = new ExitWatch(offspring, engine, threads);
    this.listener = listener;
  }

  /** Where the memory is that workers share with the pool. */
  MemoryFiles memoryFiles() {
    return memoryFiles;
  }

  /** Removes what other pools left. Takes time. */
  void deleteStale() {
    directory.deleteStale();
    memoryFiles.deleteStale();
    launcher.deleteStale();
  }

  /** Begins to start a worker. */
  void start(Worker worker) {
    try {
      threads.execute(() -> launch(worker));
    } catch (OutOfMemoryError e) { // no thread to be had; whoever grows may not be ready for it
      failed(worker, e);
    }
  }

  /** Off the engine's thread. */
  private void launch(Worker worker) {
    MemoryFiles.Named made = null;
    Process started = null;
    OutputStreams streams = null;
    List<OutputPump> output;
    Supplier<@Nullable CrashFile> crash;
    try {
      if (settings.isSandboxed()) { // the sandbox has to be told of it
        made = memoryFiles.create(worker.id());
      }
      // else first: it takes longest, and waits for the rest
      int sharers = launcher.sharers();
      worker.sharedBy(sharers);
      Launched launched =
          launcher.launch(
              worker.id(),
              worker.number(),
              sharers,
              worker.childMark(),
              made == null ? null : made.file());
      Process process = launched.process();
      started = process;
      tell(process, directory.socket(), memoryFiles.first(worker.id()));
      directory.handOver();
      offspring.noteStrangers();
      MemoryFiles.Named memory = made == null ? memoryFiles.create(worker.id()) : made;
      made = memory;
      streams = OutputStreams.of(process);
      output =
          List.of(
              pump(worker, process, streams.output(), false),
              pump(worker, process, streams.error(), true));
      crash = () -> launcher.crash(worker.id(), process.pid(), worker.startedAt());
      engine.execute(() -> listener.launched(worker, launched, memory));
      if (engine.isStopped()) { // it may not have seen this
        process.destroyForcibly();
        memory.unlink();
      }
      directory.awaitListening();
      greet(worker, process, memory.file());
      news.prepare(); // while the process starts
    } catch (Throwable e) { // no thread or memory left, say: nobody else would tell
      undo(worker, started, streams, made, e);
      return;
    }
    prepareUnmapping(started);
    // on this thread, to its end; makes nothing first, for which there may be no memory
    exits.await(worker, started, output, crash, listener);
  }

  /** Does what takes a while and what nobody waits for. */
  private void prepareUnmapping(Process process) {
    try {
      if (!WorkerMemory.canUnmap() && !process.waitFor(START_MILLIS, TimeUnit.MILLISECONDS)) {
        memoryFiles.prepareUnmapping();
      }
    } catch (InterruptedException | IOException | VirtualMachineError | LinkageError e) {
      // the next worker's start will do it
    }
  }

  /** Undoes a start, each part of it once there is memory for that. */
  private void undo(
      Worker worker,
      @Nullable Process started,
      @Nullable OutputStreams streams,
      MemoryFiles.@Nullable Named made,
      Throwable cause) {
    long begin = System.nanoTime();
    for (int part = 0; part < PARTS; ) {
      try {
        undo(part, worker, started, streams, made, cause);
        part++;
      } catch (Throwable e) {
        part += HeapReserve.isShortage(e) && engine.reserve().awaitMemoryQuietly(begin) ? 0 : 1;
      }
    }
  }

  private void undo(
      int part,
      Worker worker,
      @Nullable Process started,
      @Nullable OutputStreams streams,
      MemoryFiles.@Nullable Named made,
      Throwable cause) {
    switch (part) {
      case 0 -> {
        if (started != null) {
          ProcessEnd.force(started);
        } else if (isShortOfMemory(cause) && !worker.childMark().isEmpty()) {
          LostChild.end(worker.childMark(), LOST_NANOS);
        }
      }
      case 1 -> {
        if (streams != null) {
          streams.close(); // nobody may read them
        }
      }
      case 2 -> {
        if (made != null) {
          made.unlink();
        }
      }
      case 3 -> launcher.ended(worker.id());
      default -> failed(worker, cause);
    }
  }

  private void failed(Worker worker, Throwable cause) {
    String text = SafeText.of(cause); // here: a sandbox is users' code, and so is what it throws
    engine.execute(() -> listener.launchFailed(worker, cause, text));
  }

  /** Whether there may be a process all the same. */
  private static boolean isShortOfMemory(Throwable e) {
    return e instanceof Error || SafeText.cause(e) instanceof Error;
  }

  /** Tells the process how to connect; it has been told what to remove if we end before this. */
  private void greet(Worker worker, Process process, Path memory) {
    tell(process, memory, settings.spin().nanos(), worker.id(), worker.token());
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
  }

  /** Writes a line each to the process; what goes wrong here shows in its exit. */
  private static void tell(Process process, Object... words) {
    StringBuilder lines = new StringBuilder();
    for (Object word : words) {
      lines.append(word).append('\n');
    }
    try {
      OutputStream in = process.getOutputStream();
      in.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      // it has ended already
    }
  }

  private OutputPump pump(Worker worker, Process process, InputStream stream, boolean isError) {
    OutputTail tail = isError ? worker.stderr() : worker.stdout();
    WorkerOutput output = settings.output();
    boolean wantsItems = output.wantsItems();
    long pid = process.pid();
    CallLabels labels = settings.insight().labels();
    OutputPump pump =
        new OutputPump(
            stream,
            isError || wantsItems ? worker.outputKey() : NOTHING,
            tail,
            (line, mark) -> {
              Optional<RunningItem> item = wantsItems ? labels.describe(mark) : Optional.empty();
              output.accept(new WorkerOutput.Line(worker.number(), pid, isError, line, item));
            });
    threads.execute(pump);
    return pump;
  }
}
