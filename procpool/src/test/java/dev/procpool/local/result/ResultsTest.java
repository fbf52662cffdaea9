package dev.procpool.local.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.Progress;
import dev.procpool.channel.FramesFixture;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.CodecException;
import dev.procpool.local.call.CallFixture;
import dev.procpool.local.call.CallInput;
import dev.procpool.local.call.Feeder;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.FleetFixture;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.ToParent;
import dev.procpool.scheduler.Actions;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a worker's frames, right and wrong ones: the worker is the test. */
class ResultsTest {

  private static final int ITEMS = 40;

  private final FramesFixture frames = new FramesFixture();
  private final Sent sent = new Sent();
  private final OpenCalls calls = new OpenCalls(System::nanoTime);
  private FleetFixture parts;
  private Worker worker;
  private CallFixture call;
  private LocalCall local;
  private Results results;

  @BeforeEach
  void aWorkerHasTheItemsOfACall() throws IOException {
    parts = new FleetFixture();
    Fleet fleet = parts.fleet(new FleetFixture.HearsNothing());
    worker = FleetFixture.ready(fleet);
    Recorder recorder = new Recorder(parts.settings.insight().observation(), System::nanoTime);
    ShortMemory memory = new ShortMemory(parts.engine, fleet, calls, noLimit(), recorder);
    Delivery delivery =
        new Delivery(parts.codec, parts.engine, sent.scheduler, memory, noLimit(), recorder);
    results =
        new Results(
            calls, sent.scheduler, parts.codec, delivery, memory, recorder, fleet.perWorker());
    call = new CallFixture(Collections.nCopies(ITEMS, "item").iterator());
    call.options = call.options.chunkSize(10).timeout(Duration.ofSeconds(1));
    CallInput input = new CallInput(() -> {});
    local = call.local(input);
    new Feeder(local, parts.codec, null, parts.engine.reserve()).run();
    calls.add(local);
    sent.scheduler.addCall(local.id, local.chunkSize, local.priority, local.paced, 1);
    sent.scheduler.workerReady(worker.id(), 1);
    assertThat(sent.chunks).isNotEmpty();
  }

  @AfterEach
  void close() {
    parts.close();
  }

  private static ResultLimit noLimit() {
    return ResultLimit.of(1 << 20);
  }

  private byte[] encoded(@Nullable Object value) throws CodecException {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    parts.codec.encode(value, out);
    return out.toByteArray();
  }

  private void result(SentChunk chunk, int offset, Kind kind, long nanos, byte[] payload) {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    out.write(payload, 0, payload.length);
    new ResultTrailer(chunk.id(), offset, kind, nanos).write(out);
    frames.add(ToParent.RESULT, out.toByteArray());
  }

  private void value(SentChunk chunk, int offset, @Nullable Object value) throws CodecException {
    result(chunk, offset, Kind.VALUE, 5, encoded(value));
  }

  private void nextValue(@Nullable Object value) throws CodecException {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    byte[] payload = encoded(value);
    out.write(payload, 0, payload.length);
    out.putInt(5);
    frames.add(ToParent.NEXT_VALUE, out.toByteArray());
  }

  private void take() throws IOException {
    results.take(worker, frames.give());
  }

  /** Has done what comes back to the engine's thread. */
  private void settle() {
    parts.engine.abandon();
  }

  private void refused(String why) {
    assertThatThrownBy(this::take).isInstanceOf(ProtocolException.class).hasMessageContaining(why);
  }

  @Test
  void valuesOneAfterTheOtherAreToldAndCounted() throws Exception {
    SentChunk chunk = sent.chunks.get(0);
    value(chunk, 0, "a");
    nextValue(1);
    nextValue(null);
    nextValue(2.5);
    take();
    Map<Long, Object> expected = new HashMap<>();
    expected.put(0L, "a");
    expected.put(1L, 1);
    expected.put(2L, null);
    expected.put(3L, 2.5);
    assertThat(call.values).isEqualTo(expected);
    assertThat(worker.itemsDone()).isEqualTo(4);
    assertThat(results.unaccounted(worker)).isZero();
    assertThat(chunk.begin()).isEqualTo(4);
    assertThat(results.call(worker)).isSameAs(local);
  }

  @Test
  void halfAFrameWaitsForTheOther() throws Exception {
    value(sent.chunks.get(0), 0, "a".repeat(100));
    results.take(worker, frames.give(60));
    assertThat(call.values).isEmpty();
    take();
    assertThat(call.values).hasSize(1);
  }

  @Test
  void whatCameBeforeAWrongFrameCounts() throws Exception {
    SentChunk chunk = sent.chunks.get(0);
    value(chunk, 0, "a");
    nextValue("b");
    frames.add(99, new byte[0]);
    nextValue("after");
    refused("unknown frame type 99");
    assertThat(call.values).containsOnly(Map.entry(0L, "a"), Map.entry(1L, "b"));
    assertThat(worker.itemsDone()).isEqualTo(2);
  }

  @Test
  void aValueOfNoItemIsRefused() throws Exception {
    nextValue("of which?");
    refused("a value of no item");
    assertThat(call.values).isEmpty();
  }

  @Test
  void aValueAfterTheLastOfItsChunkIsRefused() throws Exception {
    SentChunk chunk = sent.chunks.get(0);
    value(chunk, 0, 0);
    for (int i = 1; i < chunk.slice().count(); i++) {
      nextValue(i);
    }
    nextValue("one more");
    refused("a value of no item");
    assertThat(call.values).hasSize(chunk.slice().count()).doesNotContainValue("one more");
    assertThat(worker.itemsDone()).isEqualTo(chunk.slice().count());
  }

  @Test
  void anItemThatTheWorkerWasNotAtIsRefused() throws Exception {
    SentChunk chunk = sent.chunks.get(0);
    value(chunk, 3, "too early");
    refused("is reported, which it was not running");
    value(chunk, 0, "a");
    take();
    value(chunk, 0, "twice");
    refused("is reported, which it was not running");
    assertThat(call.values).containsOnly(Map.entry(0L, "a"));
  }

  @Test
  void aChunkThatItWasNotSentIsRefused() throws Exception {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new ResultTrailer(4711, 0, Kind.CANCELLED, 1).write(out);
    frames.add(ToParent.RESULT, out.toByteArray());
    refused("item 0 of chunk 4711");
  }

  @Test
  void anItemThatRanForLongerThanItsProcessIsRefused() throws Exception {
    result(sent.chunks.get(0), 0, Kind.VALUE, Duration.ofHours(1).toNanos(), encoded("a"));
    refused("ran for longer than its process");
  }

  @Test
  void aCancelThatNobodyAskedForIsRefused() throws Exception {
    result(sent.chunks.get(0), 0, Kind.CANCELLED, 5, new byte[0]);
    refused("nobody cancelled it");
    assertThat(call.outcomes).isEmpty();
    local.killAfter = 1;
    result(sent.chunks.get(0), 0, Kind.CANCELLED, 5, new byte[0]);
    take();
    settle();
    assertThat(call.outcomes).singleElement().isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void aLimitThatTheCallDoesNotHaveIsRefused() throws Exception {
    byte[] stalled = {1};
    result(sent.chunks.get(0), 0, Kind.TIMED_OUT, 5, stalled);
    refused("over its stall limit, and has none");
    assertThat(call.outcomes).isEmpty();
  }

  @Test
  void aFailureIsAnOutcomeAndTheNextItemGoesOn() throws Exception {
    ByteOutput thrown = new ByteOutput(64, Long.MAX_VALUE);
    parts.codec.encodeThrowable(new IllegalStateException("boom"), thrown);
    SentChunk chunk = sent.chunks.get(0);
    result(chunk, 0, Kind.THROWN, 5, thrown.toByteArray());
    nextValue("b");
    take();
    settle();
    assertThat(call.outcomes)
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.index()).isZero();
              assertThat(outcome.failure().orElseThrow())
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage("boom");
            });
    assertThat(call.values).containsOnly(Map.entry(1L, "b"));
  }

  @Test
  void whatAnItemSaysBeforeItsEndIsKeptForItAloneUntilThen() throws Exception {
    SentChunk chunk = sent.chunks.get(0);
    result(chunk, 0, Kind.PART, 5, encoded("half"));
    result(
        chunk, 0, Kind.PROGRESS, 5, ByteBuffer.allocate(9).putDouble(0.5).put((byte) 'n').array());
    take();
    assertThat(worker.line().parts()).isEqualTo(2);
    Remains remains = results.remains(worker, chunk.item(0));
    assertThat(remains.part()).isEqualTo(encoded("half"));
    assertThat(remains.progress()).isEqualTo(new Progress(0.5, "n"));
    assertThat(results.remains(worker, chunk.item(1))).isEqualTo(Remains.NONE);
    value(chunk, 0, "whole");
    take();
    assertThat(results.remains(worker, chunk.item(0))).isEqualTo(Remains.NONE);
    assertThat(call.values).containsOnly(Map.entry(0L, "whole"));
  }

  @Test
  void resultsOfACallThatHasEndedAreCountedAndToldToNobody() throws Exception {
    value(sent.chunks.get(0), 0, "a");
    calls.remove(local.id);
    take();
    assertThat(call.values).isEmpty();
    assertThat(worker.itemsDone()).isEqualTo(1);
  }

  /** Frames cut anywhere, of any kinds, over several chunks: each item once, as it was sent. */
  @Test
  void anyStreamOfReportsTellsEachItemOnce() throws Exception {
    long seed = 20261129;
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Object> expected = new HashMap<>();
    List<Long> failed = new ArrayList<>();
    for (int c = 0; c < sent.chunks.size(); c++) {
      SentChunk chunk = sent.chunks.get(c);
      boolean follows = false;
      int count = chunk.slice().count();
      for (int i = 0; i < count; i++) {
        long index = chunk.slice().firstIndex() + i;
        if (random.nextInt(5) == 0) {
          ByteOutput thrown = new ByteOutput(64, Long.MAX_VALUE);
          parts.codec.encodeThrowable(new IllegalStateException("item " + index), thrown);
          result(chunk, i, Kind.THROWN, random.nextInt(1000), thrown.toByteArray());
          failed.add(index);
        } else {
          Object value = any(random);
          expected.put(index, value);
          if (follows && random.nextBoolean()) {
            nextValue(value);
          } else {
            value(chunk, i, value);
          }
        }
        follows = true;
      }
      while (frames.waiting() > 0) {
        results.take(worker, frames.give(random.nextInt(1, frames.waiting() + 1)));
      }
      sent.scheduler.progressed(worker.id(), c + 2); // it gets the next
    }
    settle();
    assertThat(expected.size() + failed.size()).as("seed %d", seed).isEqualTo(ITEMS);
    assertThat(call.values).as("seed %d", seed).isEqualTo(expected);
    assertThat(call.outcomes)
        .as("seed %d", seed)
        .extracting(Outcome::index)
        .containsExactlyInAnyOrderElementsOf(failed);
    assertThat(worker.itemsDone()).isEqualTo(ITEMS);
    assertThat(sent.ended)
        .as("each is settled, decoded here or elsewhere")
        .containsExactly(local.id);
  }

  private static Object any(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextDouble();
      case 2 -> "x".repeat(random.nextInt(200));
      default -> List.of(random.nextInt(), "in a list");
    };
  }

  /** The scheduler, what it sends and which calls it says have ended. */
  private static final class Sent implements Actions {

    private final Scheduler scheduler = new Scheduler(this);
    private final List<SentChunk> chunks = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();

    @Override
    public void dispatch(long id, SentChunk chunk) {
      chunks.add(chunk);
    }

    @Override
    public void recall(long id, SentChunk chunk) {}

    @Override
    public void recalled(long id) {}

    @Override
    public void interrupt(long id, SentChunk chunk) {}

    @Override
    public void cancelled(long id, Slice items) {}

    @Override
    public void callEnded(long id) {
      ended.add(id);
    }

    @Override
    public void retired(long id) {}
  }
}
