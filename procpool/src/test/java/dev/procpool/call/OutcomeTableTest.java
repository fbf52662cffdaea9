package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTableTest {

  private record Values(List<?> all) implements ValueBatch<Object> {
    @Override
    public int size() {
      return all.size();
    }

    @Override
    public Object value(int place) {
      return all.get(place);
    }

    @Override
    public byte primitive(int place) {
      return Primitive.kindOf(all.get(place));
    }

    @Override
    public long bits(int place) {
      return Primitive.bitsOf(all.get(place));
    }
  }

  private static WorkerName worker(int number) {
    return WorkerName.of("host-" + number % 7, 1000 + number);
  }

  @Test
  void eachItemHasTheWorkerThatRanItHoweverManyThereAreAndHoweverOftenTheyAreNamedAnew() {
    int workers = 60;
    int items = 1000;
    OutcomeTable<String> table = new OutcomeTable<>(items);
    for (int i = 0; i < items; i++) {
      assertThat(table.putSuccess(i, "v" + i, 1, i, worker(i * 31 % workers))).isTrue();
    }
    for (int i = 0; i < items; i++) {
      Outcome<String> outcome = table.get(i);
      assertThat(outcome.valueOrThrow()).isEqualTo("v" + i);
      assertThat(outcome.duration()).isEqualTo(Duration.ofNanos(i));
      assertThat(outcome.workerPid()).isEqualTo(1000 + i * 31 % workers);
      assertThat(outcome.host()).isEqualTo("host-" + i * 31 % workers % 7);
    }
    table.clear();
    assertThat(table.putSuccess(0, "again", 1, 1, worker(3))).isTrue();
    assertThat(table.putSuccess(1, "again", 1, 1, worker(59))).isTrue();
    assertThat(table.get(0).workerPid()).isEqualTo(1003);
    assertThat(table.get(1).workerPid()).as("one that it had known before").isEqualTo(1059);
  }

  @Test
  void ofValuesThatComeTogetherThoseAreNamedThatHadAnOutcome() {
    OutcomeTable<Object> table = new OutcomeTable<>(4);
    table.putSuccess(1, "first", 1, 1, worker(1));
    BitSet old =
        table.putSuccesses(
            new long[] {0, 1, 2, 2, 3},
            new Values(List.of(7, "b", "c", "d", 0.5)),
            1,
            new long[] {1, 2, 3, 4, 5},
            worker(2));
    assertThat(old.stream()).containsExactly(1, 3);
    assertThat(List.of(table.value(0), table.value(1), table.value(2), table.value(3)))
        .containsExactly(7, "first", "c", 0.5);
    assertThat(
            table.putSuccesses(
                new long[] {4}, new Values(List.of("f")), 1, new long[] {1}, worker(1)))
        .isNull();
  }
}
