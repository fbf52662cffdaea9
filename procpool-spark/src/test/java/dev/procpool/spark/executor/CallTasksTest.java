package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.TaskOptions;
import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.EncodedTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What slots of an executor ask of a call's task, with a driver that is a method. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallTasksTest {

  private static final long CALL = 7;
  private static final int SLOTS = 16;
  private static final byte[] TASK = {1, 2, 3};

  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> needed = Collections.synchronizedList(new ArrayList<>());

  @Test
  void howeverManySlotsAskTheDriverIsAskedOnceAndAllShareTheTask() throws Exception {
    CountDownLatch all = new CountDownLatch(SLOTS);
    CallTasks tasks =
        tasks(
            () -> {
              all.await();
              return answer();
            });
    ExecutorService slots = Executors.newFixedThreadPool(SLOTS);
    try {
      List<Future<CallTasks.Known>> got = new ArrayList<>();
      for (int i = 0; i < SLOTS; i++) {
        got.add(
            slots.submit(
                () -> {
                  all.countDown();
                  return tasks.get(CALL);
                }));
      }
      CallTasks.Known known = got.get(0).get();
      for (Future<CallTasks.Known> each : got) {
        assertThat(each.get()).isSameAs(known);
      }
      assertThat(known.task().task()).isEqualTo(TASK);
      assertThat(asked).hasValue(1);
      assertThat(needed).containsExactly("key");
    } finally {
      slots.shutdownNow();
    }
  }

  @Test
  void aCallThatIsForgottenWhileItsTaskIsFetchedLeavesNothing() throws Exception {
    CallTasks[] tasks = new CallTasks[1];
    tasks[0] =
        tasks(
            () -> {
              tasks[0].forget(CALL);
              return answer();
            });
    assertThat(tasks[0].get(CALL)).isNotNull();
    assertThat(tasks[0].has(CALL)).isFalse();
  }

  @Test
  void aCallThatHasEndedHasNoTaskAndLeavesNothing() throws Exception {
    CallTasks tasks = tasks(() -> Wire.NOTHING);
    assertThat(tasks.get(CALL)).isNull();
    assertThat(tasks.has(CALL)).isFalse();
  }

  @Test
  void aTaskThatCouldNotBeFetchedIsAskedForAgain() throws Exception {
    CallTasks tasks =
        tasks(
            () -> {
              if (asked.get() == 1) {
                throw new IOException("the driver is slow");
              }
              return answer();
            });
    assertThatThrownBy(() -> tasks.get(CALL)).hasMessage("the driver is slow");
    assertThat(tasks.get(CALL)).isNotNull().isSameAs(tasks.get(CALL));
    assertThat(asked).hasValue(2);
  }

  @Test
  void aNumberHasOneLoaderWhateverCallUsesIt() throws Exception {
    CallTasks tasks = tasks(CallTasksTest::answer);
    EncodedTask one = tasks.get(CALL).task();
    EncodedTask other = tasks.get(CALL + 1).task();
    assertThat(other).isNotSameAs(one);
    assertThat(other.classes()).isSameAs(one.classes()).isSameAs(tasks.loader(one.loader()));
  }

  /** Those of an executor whose driver answers all questions for tasks so. */
  private CallTasks tasks(Callable<byte[]> driver) {
    return new CallTasks(
        "1",
        question -> {
          assertThat(Wire.read(ToDriver.all(), Wire.read(question))).isEqualTo(ToDriver.TASK);
          asked.incrementAndGet();
          try {
            return driver.call();
          } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        keys -> keys.forEach(needed::add));
  }

  private static byte[] answer() {
    byte[] limits = Events.encode(CallLimits.of(TaskOptions.defaults()));
    return Wire.answer(
        out -> {
          Wire.writeBytes(limits, out);
          Wire.writeTexts(Set.of("key"), out);
          out.write(EncodedTask.write(TASK, new byte[0], true, 3));
        });
  }
}
