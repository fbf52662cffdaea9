package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What helps to find out what a worker does: debugger ports and thread dumps. */
class DebuggingTest extends ProcessPoolTest {

  private static final String HANDSHAKE = "JDWP-Handshake";

  /** A port that is free, and the next one too. */
  private static int freePorts() throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    for (int tries = 0; tries < 50; tries++) {
      try (ServerSocket first = new ServerSocket(0, 1, local)) {
        if (first.getLocalPort() < 65_535) {
          try (ServerSocket second = new ServerSocket(first.getLocalPort() + 1, 1, local)) {
            return second.getLocalPort() - 1;
          } catch (IOException e) {
            // taken; another pair
          }
        }
      }
    }
    throw new AssertionError("no two free ports side by side");
  }

  /** Attaches as a debugger does, and gives what the other side says. */
  private static String handshake(Socket socket, int port) throws IOException {
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) BOUND.toMillis());
    socket.setSoTimeout((int) BOUND.toMillis());
    socket.getOutputStream().write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes(HANDSHAKE.length());
    return new String(answer, StandardCharsets.US_ASCII);
  }

  @Test
  void aDebuggerFindsEachWorkerAtItsPort() throws Exception {
    int port = freePorts();
    Pool pool = built(ProcessPool.builder().workers(2).debugWorkers(port));
    pidsOfAllWorkers(pool, 2, "all");
    for (int worker = 0; worker < 2; worker++) {
      try (Socket debugger = new Socket()) {
        assertThat(handshake(debugger, port + worker)).isEqualTo(HANDSHAKE);
      }
    }
  }

  /** Suspends the whole virtual machine as a breakpoint does. */
  @Test
  void aWorkerThatADebuggerHasStoppedIsNotKilledForItsTime() throws Exception {
    int port = freePorts();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .gracePeriod(Duration.ofMillis(1))
                .freezeLimit(Duration.ofSeconds(2))
                .debugWorkers(port));
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    FileLatch goOn = latch("go on");
    FileLatch started = latch("started");
    AsyncResult<Long> result =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(100)))
            .applyAsync(
                () -> {
                  started.countDown();
                  goOn.await();
                  return ProcessHandle.current().pid();
                });
    started.await();
    try (Socket debugger = new Socket()) {
      handshake(debugger, port);
      command(debugger, 1, 8); // VirtualMachine.Suspend
      // past every limit: 2 s without a sign of life, 100 ms for the item
      assertThat(result.await(Duration.ofSeconds(4))).isFalse();
      goOn.countDown();
      command(debugger, 1, 9); // VirtualMachine.Resume
      assertThat(result.get(BOUND)).isEqualTo(pid);
    }
  }

  /** Sends a command without data, and reads replies and events until its own has come. */
  private static void command(Socket socket, int set, int command) throws IOException {
    byte id = (byte) (set * 16 + command);
    socket
        .getOutputStream()
        .write(new byte[] {0, 0, 0, 11, 0, 0, 0, id, 0, (byte) set, (byte) command});
    byte[] header;
    do {
      header = socket.getInputStream().readNBytes(11);
      int length = (header[2] & 0xff) << 8 | header[3] & 0xff;
      socket.getInputStream().skipNBytes(length - 11);
    } while (header[8] != (byte) 0x80 || header[7] != id);
    assertThat(header[10]).as("the error code").isZero();
  }

  @Test
  void aReplacedWorkersSuccessorHasItsPort() throws Exception {
    int port = freePorts();
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(1).debugWorkers(port));
    List<Long> pids =
        pool.map(x -> ProcessHandle.current().pid(), IntStream.range(0, 3).boxed().toList());
    assertThat(pids).doesNotHaveDuplicates();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aPortThatIsTakenIsNamedInTheFailure() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Pool pool =
          built(
              ProcessPool.builder()
                  .workers(1)
                  .output(line -> {})
                  .debugWorkers(taken.getLocalPort()));
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(PoolBrokenException.class)
          .hasStackTraceContaining("Address already in use");
    }
  }

  @Test
  void aPortOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().debugWorkers(0))
        .withMessageContaining("debugWorkers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().workers(2).debugWorkers(65_535).build())
        .withMessageContaining("debugWorkers(65535)");
  }

  @Test
  void aBusyWorkerTellsWhatItsThreadsDo() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch goOn = latch("go on");
    AsyncResult<Object> result = pool.applyAsync(() -> standStill(started, goOn));
    started.await();
    String dump = pool.workers().get(0).threadDump();
    goOn.countDown();
    result.get();
    assertThat(dump)
        .startsWith("worker 0 (pid " + pool.workers().get(0).pid() + ")")
        .contains("\"main\"", "standStill", "java.lang.Thread.State: ", "procpool-inbox");
  }

  private static Object standStill(FileLatch started, FileLatch goOn) throws Exception {
    started.countDown();
    goOn.await();
    return 1;
  }

  @Test
  void aWorkerThatIsGoneOrStoppedSaysSoWithinABound() throws Exception {
    Pool pool = pool(1);
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    WorkerInfo worker = pool.workers().get(0);
    signal("STOP", pid);
    assertThatIllegalStateException()
        .isThrownBy(worker::threadDump)
        .withMessageContaining("pid " + pid)
        .withMessageContaining("did not answer within");
    signal("KILL", pid);
    Eventually.until("it is gone", () -> isGone(pid));
    Eventually.until(
        "the pool knows", () -> pool.workers().stream().noneMatch(w -> w.pid() == pid));
    assertThatIllegalStateException()
        .isThrownBy(worker::threadDump)
        .withMessageContaining("has ended");
    pool.close();
    assertThatIllegalStateException()
        .isThrownBy(worker::threadDump)
        .withMessageContaining("has ended");
  }

  @Test
  void anInlineWorkerTellsWhatItsThreadDoes() throws Exception {
    Pool pool = endedAfterTest(InlinePool.create());
    FileLatch started = latch("started");
    FileLatch goOn = latch("go on");
    AsyncResult<Object> result = pool.applyAsync(() -> standStill(started, goOn));
    started.await();
    WorkerInfo worker = pool.workers().get(0);
    assertThat(worker.threadDump()).contains("standStill");
    goOn.countDown();
    result.get();
    pool.close();
    Eventually.until("the thread has ended", () -> hasEnded(worker));
  }

  private static boolean hasEnded(WorkerInfo worker) {
    try {
      worker.threadDump();
      return false;
    } catch (IllegalStateException e) {
      return e.getMessage().contains("has ended");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
