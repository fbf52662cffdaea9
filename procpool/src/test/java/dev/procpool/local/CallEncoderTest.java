package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallEncoderTest {

  private static final Attempt ATTEMPT =
      new Attempt(0, 1, Duration.ZERO, WorkerName.of("node-7", 4711));

  @Test
  void valuesAreReadFromTheMiddleOfOtherBytes() {
    List<Object> read = new ArrayList<>();
    try (CallEncoder encoder = new CallEncoder();
        CallEncoder.Call<Object, Object> call = encoder.encode(x -> x)) {
      List<Object> values = Arrays.asList(17, "text", null, List.of(1L, 2.5));
      for (Object value : values) {
        byte[] bytes = call.item(0, value, failed -> read.add(failed)).bytes();
        byte[] among = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, among, 3, bytes.length);
        assertThat(call.value(among, 3, bytes.length, read::add)).isTrue();
      }
      assertThat(read).isEqualTo(values);
    }
  }

  @Test
  void whatCantBeReadIsToldByItsOutcome() {
    try (CallEncoder encoder = new CallEncoder();
        CallEncoder.Call<Object, Object> call = encoder.encode(x -> x)) {
      List<Object> read = new ArrayList<>();
      byte[] damaged = {(byte) 0x7f};
      assertThat(call.value(damaged, 0, 1, read::add)).isFalse();
      assertThat(read).isEmpty();
      Outcome<Object> outcome = call.outcome(ATTEMPT.succeeded(damaged));
      assertThat(outcome.failure().orElseThrow()).isInstanceOf(TaskSerializationException.class);
    }
  }
}
