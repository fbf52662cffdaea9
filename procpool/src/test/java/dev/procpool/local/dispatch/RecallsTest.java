package dev.procpool.local.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.call.CallFixture;
import dev.procpool.local.call.CallInput;
import dev.procpool.local.call.LocalCall;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When a cancelled call knows that nothing more of it starts. */
class RecallsTest {

  private final Recalls recalls = new Recalls();
  private final LocalCall call = call();
  private final CompletableFuture<Void> waiter = new CompletableFuture<>();

  private static LocalCall call() {
    return new CallFixture(Collections.emptyIterator()).local(new CallInput(() -> {}));
  }

  @Test
  void whoHasNothingOutWaitsForNothing() {
    recalls.sent(call(), 1, 10); // another's
    recalls.whenAnswered(call, waiter);
    assertThat(waiter).isCompleted();
  }

  @Test
  void aCallWaitsForEachOfItsRecalls() {
    recalls.sent(call, 1, 10);
    recalls.sent(call, 2, 20);
    recalls.whenAnswered(call, waiter);
    assertThat(recalls.answered(1, 10)).isTrue();
    assertThat(waiter).isNotDone();
    assertThat(recalls.answered(2, 20)).isTrue();
    assertThat(waiter).isCompleted();
  }

  @Test
  void anAnswerThatNobodyAskedForIsNone() {
    recalls.sent(call, 1, 10);
    recalls.whenAnswered(call, waiter);
    assertThat(recalls.answered(2, 10)).as("another's chunk").isFalse();
    assertThat(recalls.answered(1, 11)).as("a chunk that was not recalled").isFalse();
    assertThat(waiter).isNotDone();
    assertThat(recalls.answered(1, 10)).isTrue();
    assertThat(recalls.answered(1, 10)).as("a second time").isFalse();
  }

  @Test
  void aWorkerThatIsGoneAnswersByThat() {
    recalls.sent(call, 1, 10);
    recalls.sent(call, 1, 11);
    recalls.sent(call, 2, 20);
    recalls.whenAnswered(call, waiter);
    recalls.gone(1);
    assertThat(waiter).isNotDone();
    recalls.gone(2);
    assertThat(waiter).isCompleted();
  }

  @Test
  void allWhoWaitForTheSameCallAreTold() {
    CompletableFuture<Void> second = new CompletableFuture<>();
    recalls.sent(call, 1, 10);
    recalls.whenAnswered(call, waiter);
    recalls.whenAnswered(call, second);
    recalls.answered(1, 10);
    assertThat(waiter).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void whenTheWorkersAreDestroyedNobodyWaits() {
    recalls.sent(call, 1, 10);
    recalls.whenAnswered(call, waiter);
    recalls.clear();
    assertThat(waiter).isCompleted();
    assertThat(recalls.answered(1, 10)).isFalse();
  }
}
