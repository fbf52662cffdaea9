package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.local.engine.Engine;
import dev.procpool.scheduler.Slice;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a call's items get from their source to its input. */
class FeederTest {

  private static final Codec CODEC = new Codec(null, 1 << 20);

  private final CallInput input = new CallInput(() -> {});

  private void feed(CallFixture call, @Nullable CodecException taskFailure) {
    new Feeder(call.local(input), CODEC, taskFailure, new Engine(0).reserve()).run();
  }

  private static @Nullable Object decoded(Slice slice, int item) throws CodecException {
    Block block = (Block) slice.items();
    int start = block.start(slice.from() + item);
    int length = block.length(slice.from() + item, 1) - Integer.BYTES;
    return CODEC.decode(
        block.array(), start + Integer.BYTES, length, FeederTest.class.getClassLoader());
  }

  @Test
  void itemsAreEncodedInTheirOrderAndThenTheInputEnds() throws Exception {
    feed(new CallFixture(Arrays.asList("a", null, 3).iterator()), null);
    Slice slice = input.take(10);
    assertThat(slice).isNotNull();
    assertThat(slice.firstIndex()).isZero();
    assertThat(slice.count()).isEqualTo(3);
    assertThat(decoded(slice, 0)).isEqualTo("a");
    assertThat(decoded(slice, 1)).isNull();
    assertThat(decoded(slice, 2)).isEqualTo(3);
    assertThat(input.isEnded()).isTrue();
    assertThat(input.take(1)).isNull();
  }

  @Test
  void anItemThatCantBeSerializedHasItsOutcomeAndTheOthersGoOn() {
    CallFixture call = new CallFixture(List.of(1, new Object(), 2).iterator());
    feed(call, null);
    assertThat(call.outcomes).hasSize(1);
    Outcome<Object> outcome = call.outcomes.get(0);
    assertThat(outcome.index()).isEqualTo(1);
    assertThat(outcome.attempts()).as("it never ran").isZero();
    assertThat(outcome.failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("the argument can't be serialized");
    assertThat(input.ready()).isEqualTo(2);
    assertThat(call.abortedBy).isNull();
  }

  @Test
  void whereTheTaskCantBeSerializedEachItemSaysSo() {
    CallFixture call = new CallFixture(List.of(1, 2).iterator());
    feed(call, new CodecException("it holds a socket"));
    assertThat(call.outcomes)
        .hasSize(2)
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure().orElseThrow())
                    .hasMessageContaining("the task can't be serialized: it holds a socket"));
    assertThat(input.ready()).isZero();
    assertThat(input.isEnded()).isTrue();
  }

  @Test
  void aSourceThatThrowsEndsTheCallAndTheInput() {
    NoSuchElementException thrown = new NoSuchElementException("source");
    CallFixture call =
        new CallFixture(
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Object next() {
                throw thrown;
              }
            });
    assertThatThrownBy(() -> feed(call, null)).isSameAs(thrown);
    assertThat(call.abortedBy).isSameAs(thrown);
    assertThat(input.isEnded()).isTrue();
  }

  @Test
  void onceTheCallIsStoppedTheItemInHandIsCancelledAndNoMoreArePulled() {
    Iterator<Integer> items = List.of(1, 2, 3).iterator();
    CallFixture call = new CallFixture(items);
    input.close();
    feed(call, null);
    assertThat(call.outcomes).hasSize(1);
    assertThat(call.outcomes.get(0)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(items.next()).as("the next in the source").isEqualTo(2);
  }

  @Test
  void theOnlyItemOfACallIsAloneAndASecondOneIsRefused() throws Exception {
    CallFixture one = new CallFixture(List.of("only").iterator());
    one.isImmediate = true;
    feed(one, null);
    Slice slice = input.take(10);
    assertThat(slice).isNotNull();
    assertThat(slice.count()).isEqualTo(1);
    assertThat(decoded(slice, 0)).isEqualTo("only");

    CallFixture two = new CallFixture(List.of("a", "b").iterator());
    two.isImmediate = true;
    CallInput itsInput = new CallInput(() -> {});
    Feeder feeder = new Feeder(two.local(itsInput), CODEC, null, new Engine(0).reserve());
    assertThatThrownBy(feeder::run).hasMessageContaining("has a single item");
    assertThat(two.abortedBy).isInstanceOf(IllegalStateException.class);
    assertThat(decoded(itsInput.take(10), 0)).as("the first as it was").isEqualTo("a");
  }
}
