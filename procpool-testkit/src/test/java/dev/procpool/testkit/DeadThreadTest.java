package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Section 5 of the contract: whatever a user's code throws on a thread of the pool, no call waits
 * for ever; and a thread of the pool's own that dies takes the pool along, loudly.
 */
class DeadThreadTest extends ProcessPoolTest {

  @Test
  void everyWaitingCallFailsWhenTheEngineDies() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    AsyncResult<Object> running =
        pool.applyAsync(
            () -> {
              started.countDown();
              never.await();
              return null;
            });
    started.await();
    MapResult<Integer> queued = pool.mapAsync(x -> x, List.of(1, 2));
    var stream = pool.imap(x -> x, List.of(1, 2));
    engineOf(pool)
        .execute(
            () -> {
              throw new InternalError("a fault in the engine");
            });
    assertBroken(running);
    assertBroken(queued);
    assertThatThrownBy(stream::next).hasRootCauseInstanceOf(InternalError.class);
    assertBroken(pool.applyAsync(() -> 1));
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(pool.workers()).isEmpty();
  }

  @Test
  void anInterruptedEngineGoesOn() throws Exception {
    Pool pool = pool(1);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    Thread engine =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("procpool-.*-engine"))
            .findAny()
            .orElseThrow();
    engine.interrupt();
    assertThat(pool.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    Eventually.until("the interrupt is forgotten", () -> !engine.isInterrupted());
  }

  @Test
  void anErrorOfTheOutputsConsumerEndsNeitherOutputNorCalls() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(
                    line -> {
                      lines.add(line.text());
                      throw new AssertionError("on purpose");
                    }));
    for (int i = 0; i < 3; i++) {
      pool.apply(x -> printed("line " + x), i);
    }
    Eventually.until("all lines came", () -> lines.size() == 3);
    assertThat(lines).containsExactly("line 0", "line 1", "line 2");
  }

  private static Object printed(String line) {
    System.out.println(line);
    System.out.flush();
    return null;
  }

  @Test
  void runningOutOfMemoryWhileAResultIsReadCostsItsItem() throws Exception {
    long parent = ProcessHandle.current().pid();
    List<Outcome<Object>> outcomes =
        pool(1)
            .<Integer, Object>mapAsync(x -> x == 1 ? new Huge(parent) : x, List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    assertThat(outcomes.get(1).failure().orElseThrow()).hasStackTraceContaining("OutOfMemoryError");
  }

  /** A value that does not fit into the parent's memory. */
  private record Fits(long parent) implements Serializable {}

  private static final class Huge implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Fits where;

    Huge(long parent) {
      where = new Fits(parent);
    }

    private void readObject(ObjectInputStream in) throws Exception {
      in.defaultReadObject();
      if (ProcessHandle.current().pid() == where.parent()) {
        throw new OutOfMemoryError("on purpose");
      }
    }
  }

  @Test
  void aSourceThatInterruptsItsThreadStopsNothing() throws Exception {
    Pool pool = pool(1);
    int items = 20_000; // more than are taken ahead
    assertThat(pool.map(x -> x, interrupting(items))).hasSize(items);
    List<Integer> streamed = new ArrayList<>();
    pool.with(TaskOptions.defaults().lookAhead(4))
        .imap(x -> x, interrupting(100))
        .forEachRemaining(streamed::add);
    assertThat(streamed).hasSize(100);
  }

  /** Sets the interrupt flag of whoever takes an item from it. */
  private static Iterable<Integer> interrupting(int items) {
    return () -> {
      Iterator<Integer> numbers = IntStream.range(0, items).iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return numbers.hasNext();
        }

        @Override
        public Integer next() {
          Thread.currentThread().interrupt();
          return numbers.next();
        }
      };
    };
  }

  @Test
  void anErrorOfTheSourceIsTheCallsOwn() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    Pool pool = pool(1);
    MapResult<Integer> result =
        pool.mapAsync(
            x -> x,
            () ->
                new Iterator<Integer>() {
                  @Override
                  public boolean hasNext() {
                    return true;
                  }

                  @Override
                  public Integer next() {
                    if (taken.incrementAndGet() > 3) {
                      throw new StackOverflowError("on purpose");
                    }
                    return 1;
                  }
                });
    assertThat(result.await(BOUND)).isTrue();
    assertThatThrownBy(result::get).hasStackTraceContaining("on purpose");
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aTaskThatTakesTheSharedMemoryAwayHangsNobody() throws Exception {
    Pool pool = pool(1);
    assumeTrue(pool.apply(() -> sharedMemory().isPresent()), "the system shows mapped files");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(3))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    FileChannel.open(sharedMemory().orElseThrow(), StandardOpenOption.WRITE)
                        .truncate(0)
                        .close();
                  }
                  return x;
                },
                List.of(0, 1, 2));
    assertThat(result.await(BOUND)).isTrue();
    assertThatThrownBy(result::get).isInstanceOf(ExecutionException.class);
    AsyncResult<Integer> after = pool.applyAsync(() -> 1);
    assertThat(after.await(BOUND)).as("the pool works or says that it is broken").isTrue();
  }

  /** The file behind this worker's memory, which has no name any more. */
  private static Optional<Path> sharedMemory() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/map_files"))) {
      Optional<Path> memory =
          files
              .filter(
                  file -> {
                    try {
                      return Files.readSymbolicLink(file).toString().contains("procpool-memory-");
                    } catch (IOException e) {
                      return false;
                    }
                  })
              .findAny();
      if (memory.isPresent()) {
        FileChannel.open(memory.get(), StandardOpenOption.WRITE).close();
      }
      return memory;
    } catch (IOException e) {
      return Optional.empty(); // not Linux, or not allowed
    }
  }

  private static void assertBroken(AsyncResult<?> result) throws Exception {
    assertThat(result.await(BOUND)).isTrue();
    assertThatThrownBy(result::get)
        .hasCauseInstanceOf(PoolBrokenException.class)
        .hasStackTraceContaining("a fault in the engine");
  }

  /** There is no way for a user to break the engine, so the test reaches for it. */
  private static Executor engineOf(Pool pool) throws ReflectiveOperationException {
    return (Executor) field(field(field(pool, "life"), "backend"), "engine");
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }
}
