package dev.procpool.local.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.ResultTooLargeException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.FramesFixture;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.CodecException;
import dev.procpool.local.call.CallFixture;
import dev.procpool.local.call.CallInput;
import dev.procpool.local.call.Feeder;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.FleetFixture;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.output.OutputTail;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.ToParent;
import dev.procpool.scheduler.SentChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes from where to where, without a process: the workers, and the engine, are the test. */
class DispatcherTest {

  private final Owned owner = new Owned();
  private FleetFixture parts;
  private Fleet fleet;
  private Dispatcher dispatcher;
  private long calls;

  @BeforeEach
  void aPoolWithoutProcesses() throws IOException {
    parts = new FleetFixture();
    PoolParts made =
        new PoolParts() {
          @Override
          protected void made(Object part) {
            fleet = part instanceof Fleet own ? own : fleet;
          }
        };
    dispatcher =
        new Dispatcher(
            parts.settings,
            parts.directory,
            parts.engine,
            (worker, number, sharers, mark, memory) -> {
              throw new IOException("starts nothing");
            },
            work -> {}, // no thread: nothing is started, nothing cleaned up
            parts.codec,
            made,
            owner,
            false);
  }

  @AfterEach
  void close() {
    parts.close();
  }

  private Worker ready() {
    Worker worker = FleetFixture.ready(fleet);
    dispatcher.ready(worker);
    return worker;
  }

  /** A call of that many items, one a chunk. */
  private Called call(int items) {
    return call(items, 1);
  }

  private Called call(int items, int chunkSize) {
    CallFixture call = new CallFixture(LongStream.range(0, items).boxed().iterator());
    call.options = call.options.chunkSize(chunkSize);
    CallInput input = new CallInput(() -> {});
    LocalCall local = call.local(++calls, input);
    new Feeder(local, parts.codec, null, parts.engine.reserve()).run();
    dispatcher.add(local);
    return new Called(call, local);
  }

  private record Called(CallFixture call, LocalCall local) {}

  /** The worker says that it has the value of the next item that it was sent. */
  private void answers(Worker worker, Object value) throws Exception {
    ItemRef next = next(worker);
    assertThat(next).as("what %s is at", worker).isNotNull();
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    encode(value, out);
    new ResultTrailer(next.chunk(), next.offset(), ResultTrailer.Kind.VALUE, 1).write(out);
    FramesFixture frames = new FramesFixture().add(ToParent.RESULT, out.toByteArray());
    dispatcher.results(worker, frames.give());
    dispatcher.rounds().round(System.nanoTime());
  }

  private void encode(Object value, ByteOutput out) throws CodecException {
    parts.codec.encode(value, out);
  }

  private @Nullable ItemRef next(Worker worker) {
    SentChunk chunk = dispatcher.scheduler().workers().next(worker.id());
    return chunk == null ? null : new ItemRef(chunk.id(), chunk.begin());
  }

  private @Nullable WorkerExit dies(Worker worker, @Nullable ItemRef at) {
    OutputTail words = new OutputTail();
    return dispatcher.gone(
        worker, new ExitReport(42, 137, true, false, List.of(words), words, null), at);
  }

  /** The worker says that it gives nothing of a chunk of one item back. */
  private void hasBegun(Worker worker, long chunk) throws Exception {
    givesBack(worker, chunk, 1);
  }

  private void givesBack(Worker worker, long chunk, int from) throws Exception {
    ByteOutput out = new ByteOutput(ItemRef.BYTES, Long.MAX_VALUE);
    new ItemRef(chunk, from).write(out);
    FrameReader frame = new FramesFixture().add(ToParent.RETURNED, out.toByteArray()).give();
    assertThat(frame.next()).isTrue();
    dispatcher.frame(worker, frame);
  }

  @Test
  void whatACallHasGoesToAWorkerAndItsValuesBack() throws Exception {
    Worker worker = ready();
    assertThat(owner.ready).isEqualTo(1);
    Called called = call(3);
    for (int i = 0; i < 3; i++) {
      assertThat(owner.ended).isEmpty();
      answers(worker, "value " + i);
    }
    assertThat(called.call.values.values())
        .containsExactlyInAnyOrder("value 0", "value 1", "value 2");
    assertThat(owner.ended).containsExactly(called.local);
    assertThat(worker.itemsDone()).isEqualTo(3);
    assertThat(next(worker)).as("it has nothing to do").isNull();
    dispatcher.end().terminate(new IllegalStateException("the end"));
    assertThat(called.call.abortedBy).as("it had ended").isNull();
    assertThat(owner.ended).as("once").containsExactly(called.local);
  }

  @Test
  void aCallWaitsForTheFirstWorker() throws Exception {
    Called called = call(1);
    Worker worker = ready();
    answers(worker, "value");
    assertThat(called.call.values).hasSize(1);
    assertThat(owner.ended).containsExactly(called.local);
  }

  @Test
  void aDeathCostsTheItemThatRanAndTheOthersGoToTheNextWorker() throws Exception {
    Worker worker = ready();
    Called called = call(4);
    answers(worker, "first");
    WorkerExit exit = dies(worker, next(worker));
    assertThat(exit).isNotNull();
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.KILLED);
    assertThat(called.call.outcomes)
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.index()).isEqualTo(1))
        .isInstanceOf(Outcome.WorkerLost.class);
    Worker second = ready();
    answers(second, "third");
    answers(second, "fourth");
    assertThat(called.call.values.keySet()).containsExactlyInAnyOrder(0L, 2L, 3L);
    assertThat(owner.ended).containsExactly(called.local);
  }

  @Test
  void aWorkerThatRanNothingCostsNothing() throws Exception {
    Worker worker = ready();
    Called called = call(2);
    assertThat(dies(worker, new ItemRef(4711, 0))).isNull();
    assertThat(called.call.outcomes).isEmpty();
    Worker second = ready();
    answers(second, "a");
    answers(second, "b");
    assertThat(called.call.values).hasSize(2);
  }

  @Test
  void whoIsBeingKilledGetsNothingMore() throws Exception {
    Worker worker = ready();
    fleet.trust().shutOff(worker, new IOException("nonsense"));
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.BROKEN_CHANNEL);
    Called called = call(1);
    assertThat(next(worker)).isNull();
    answers(ready(), "from another");
    assertThat(called.call.values).hasSize(1);
  }

  @Test
  void whatAWorkerHadThatIsBeingKilledIsAskedForAndItsEndAnswers() throws Exception {
    Worker worker = ready();
    Called called = call(1);
    fleet.trust().shutOff(worker, new IOException("nonsense"));
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    assertThat(stopped).as("it may yet start").isNotDone();
    assertThat(dies(worker, new ItemRef(4711, 0))).as("it was at nothing").isNull();
    assertThat(stopped).isCompleted();
    assertThat(called.call.outcomes).singleElement().isInstanceOf(Outcome.Cancelled.class);
    assertThat(owner.ended).containsExactly(called.local);
  }

  @Test
  void aCancelledCallTellsWhatNeverStartedAndThenEnds() throws Exception {
    Called called = call(5); // nobody is there to run it
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    assertThat(stopped).isCompleted();
    assertThat(called.call.outcomes)
        .hasSize(5)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Cancelled.class));
    assertThat(owner.ended).containsExactly(called.local);
    assertThat(called.local.killAfter).as("nothing is interrupted").isZero();
  }

  @Test
  void aCancelWaitsForEachWorkerThatWasAskedAndIsToldToAllWhoWait() throws Exception {
    Worker first = ready();
    Worker second = ready();
    Called called = call(2);
    ItemRef ofFirst = next(first);
    ItemRef ofSecond = next(second);
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    CompletableFuture<Void> again = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    dispatcher.cancel(called.local, false, again);
    hasBegun(first, ofFirst.chunk());
    assertThat(stopped).isNotDone();
    hasBegun(second, ofSecond.chunk());
    assertThat(stopped).isCompleted();
    assertThat(again).isCompleted();
    assertThat(called.call.outcomes).as("both run").isEmpty();
  }

  @Test
  void anAnswerThatNobodyAskedForIsNone() throws Exception {
    Worker worker = ready();
    Worker other = ready();
    Called called = call(1);
    long chunk = (next(worker) == null ? next(other) : next(worker)).chunk();
    Worker asked = next(worker) == null ? other : worker;
    Worker unasked = asked == worker ? other : worker;
    assertThatThrownBy(() -> hasBegun(asked, chunk)).hasMessageContaining("was not sent");
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    assertThatThrownBy(() -> hasBegun(unasked, chunk)).hasMessageContaining("was not sent");
    assertThatThrownBy(() -> hasBegun(asked, chunk + 1)).hasMessageContaining("was not sent");
    assertThat(stopped).isNotDone();
    hasBegun(asked, chunk);
    assertThat(stopped).isCompleted();
    assertThatThrownBy(() -> hasBegun(asked, chunk)).hasMessageContaining("was not sent");
  }

  @Test
  void whoGivesBackWhatItHasFinishedIsWaitedForUntilItsEnd() throws Exception {
    Worker first = ready();
    Worker second = ready();
    Called called = call(6, 3);
    long ofFirst = next(first).chunk();
    long ofSecond = next(second).chunk();
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    answers(first, "finished");
    assertThatThrownBy(() -> givesBack(first, ofFirst, 0)).hasMessageContaining("was finished");
    hasBegun(second, ofSecond);
    assertThat(stopped).isNotDone();
    dies(first, next(first));
    assertThat(stopped).as("second still runs").isCompleted();
    assertThat(owner.ended).isEmpty();
  }

  @Test
  void whereThePoolEndsNobodyWaitsForAnAnswer() {
    ready();
    Called called = call(1);
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    dispatcher.cancel(called.local, false, stopped);
    assertThat(stopped).isNotDone();
    dispatcher.end().terminate(new IllegalStateException("terminated by the test"));
    assertThat(stopped).isCompleted();
  }

  @Test
  void aCancelThatInterruptsSaysWhenTheItemIsKilled() {
    ready();
    Called called = call(1);
    dispatcher.cancel(called.local, true, new CompletableFuture<>());
    assertThat(called.local.killAfter).isNotZero();
    assertThat(owner.ended).as("its item still runs").isEmpty();
  }

  @Test
  void aBrokenPoolEndsItsCallsKillsItsWorkersAndTakesNoMore() {
    Worker worker = ready();
    Called called = call(2);
    PoolBrokenException cause = new PoolBrokenException("broken by the test", null);
    dispatcher.broken(cause);
    dispatcher.broken(new PoolBrokenException("and again", null));
    assertThat(called.call.abortedBy).isSameAs(cause);
    assertThat(owner.ended).containsExactly(called.local);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.TERMINATED);
    Called late = call(1);
    assertThat(late.call.abortedBy).isSameAs(cause);
    assertThat(owner.ended).containsExactly(called.local, late.local);
  }

  @Test
  void aTerminatedPoolEndsItsCallsOnceAndTakesNoMore() {
    Worker worker = ready();
    Called called = call(2);
    RuntimeException cause = new IllegalStateException("terminated by the test");
    dispatcher.end().terminate(cause);
    dispatcher.end().terminate(new IllegalStateException("and again"));
    assertThat(called.call.abortedBy).isSameAs(cause);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.TERMINATED);
    Called late = call(1);
    assertThat(owner.ended).containsExactly(called.local, late.local);
  }

  @Test
  void whereAWorkersResultsDontFitTheirCallEndsAndNoOther() throws Exception {
    Worker first = ready();
    Called large = call(3);
    answers(first, "fits");
    dispatcher.withoutMemory(first);
    Called other = call(1);
    assertThat(large.call.abortedBy).isInstanceOf(ResultTooLargeException.class);
    dispatcher.cancelAbandoned();
    assertThat(other.call.abortedBy).isNull();
    while (!owner.ended.contains(other.local)) {
      answers(first, "late or not");
    }
    assertThat(large.call.values).as("nothing more is told of it").hasSize(1);
    assertThat(other.call.values).hasSize(1);
    assertThat(owner.ended).containsExactlyInAnyOrder(large.local, other.local);
  }

  @Test
  void theSchedulerMayNotUseAWorkerThatIsGone() {
    assertThatThrownBy(() -> dispatcher.retired(4711))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("worker 4711, which is gone");
  }

  /** Is told. */
  private static final class Owned implements Dispatcher.Owner {

    private final List<LocalCall> ended = new ArrayList<>();
    private int ready;

    @Override
    public void workerReady() {
      ready++;
    }

    @Override
    public void callGone(LocalCall local) {
      ended.add(local);
    }

    @Override
    public void abortAll(@Nullable RuntimeException failure) {}

    @Override
    public void engineEnded(@Nullable RuntimeException failure) {}
  }
}
