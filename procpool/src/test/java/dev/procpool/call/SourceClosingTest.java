package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.spi.Submission;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A stream is closed whatever becomes of its call, once. */
class SourceClosingTest {

  private static final Task1<Integer, Integer> TASK = x -> x;

  private final ScriptedBackend backend = new ScriptedBackend(); // nobody pulls
  private final Pool pool = new CallPool("streams", backend, OnClose.TERMINATE);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Stream<Integer> stream = Stream.of(1, 2, 3).onClose(closed::countDown);

  private void awaitClosed() throws InterruptedException {
    assertThat(closed.await(1, TimeUnit.MINUTES)).as("the stream is closed").isTrue();
  }

  @Test
  void thatOfACallWhichIsCancelledBeforeAnybodyPulls() throws Exception {
    MapResult<Integer> result = pool.mapAsync(TASK, stream);
    result.cancel(true);
    awaitClosed();
    Submission<Object, Object> call = backend.call();
    assertThat(call.advance()).as("who pulls later finds nothing").isFalse();
    call.pulled();
  }

  @Test
  void thatOfAPoolWhichIsTerminatedBeforeAnybodyPulls() throws Exception {
    pool.mapAsync(TASK, stream);
    pool.terminate();
    awaitClosed();
  }

  @Test
  void byTheThreadThatPullsOnceItHasBegun() throws Exception {
    MapResult<Integer> result = pool.mapAsync(TASK, stream);
    Submission<Object, Object> call = backend.call();
    assertThat(call.advance()).isTrue();
    result.cancel(true);
    pool.terminate();
    assertThat(closed.getCount()).as("it may be within the stream").isEqualTo(1);
    call.pulled();
    awaitClosed();
  }
}
