package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.Progress;
import dev.procpool.ResultTooLargeException;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerExit;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedThrowable;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodedOutcomeTest {

  private static final WorkerName WORKER = WorkerName.of("node-7", 4711);
  private static final Attempt ATTEMPT =
      new Attempt(1L << 40, 3, Duration.ofSeconds(2, 5), WORKER)
          .leaving(new byte[] {1, 2}, new Progress(0.5, "half\ud800 done"));
  private static final WorkerExit EXIT =
      new WorkerExit(
          4711,
          "node-7",
          134,
          WorkerExit.Reason.NATIVE_CRASH,
          "SIGABRT",
          List.of("last", "words"),
          "/tmp/hs_err",
          List.of("# A fatal error"));

  private static byte[] written(Outcome<byte[]> outcome, ItemRun run) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EncodedOutcome.write(outcome, run, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static EncodedOutcome.Received read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    EncodedOutcome.Received received = EncodedOutcome.read(in);
    assertThat(in.available()).isZero();
    return received;
  }

  private static Outcome<byte[]> there(Outcome<byte[]> outcome) throws IOException {
    return read(written(outcome, ItemRun.UNKNOWN)).outcome();
  }

  static Stream<Outcome<byte[]>> outcomes() {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    return Stream.of(
        ATTEMPT.timedOut(
            LimitKind.STALL,
            forEver,
            List.of(
                new StackTraceElement("app", "m", "1", "C", "m", "C.java", 7),
                new StackTraceElement("C", "n", null, -2)),
            true),
        ATTEMPT.timedOut(Duration.ofMillis(1), List.of(), false),
        ATTEMPT.lost(EXIT),
        ATTEMPT.lost(
            new WorkerExit(1, "", -1, WorkerExit.Reason.FROZEN, null, List.of(), null, List.of())),
        ATTEMPT.cancelled(),
        Attempt.none(7).cancelled());
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void allOfAnOutcomeWithoutValueArrives(Outcome<byte[]> outcome) throws Exception {
    assertThat(there(outcome)).usingRecursiveComparison().isEqualTo(outcome);
  }

  @Test
  void aValueArrives() throws Exception {
    ItemRun run = new ItemRun(new PoolEvent.Worker(5, "node-7", 4711), 12, 34, 56);
    Attempt attempt = new Attempt(9, 1, Duration.ofNanos(1), WORKER);

    EncodedOutcome.Received received = read(written(attempt.succeeded(new byte[] {7, 8, 9}), run));

    assertThat(received.run()).isEqualTo(run);
    assertThat(received.outcome())
        .usingRecursiveComparison()
        .isEqualTo(attempt.succeeded(new byte[] {7, 8, 9}));
  }

  @Test
  void whatATaskThrewStaysBytes() throws Exception {
    Throwable error =
        there(ATTEMPT.failed(new EncodedThrowable(new byte[] {1, 2, 3}))).failure().orElseThrow();

    assertThat(error).isInstanceOf(EncodedThrowable.class);
    assertThat(((EncodedThrowable) error).bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void whatCouldNotBeSerializedKeepsItsMessageAndCause() throws Exception {
    Throwable error =
        there(ATTEMPT.notSerializable("the result", new EncodedThrowable(new byte[] {4})))
            .failure()
            .orElseThrow();

    assertThat(error)
        .isInstanceOf(TaskSerializationException.class)
        .hasMessage("item " + ATTEMPT.index() + ": the result");
    assertThat(((EncodedThrowable) error.getCause()).bytes()).containsExactly(4);
    assertThat(there(ATTEMPT.notSerializable("it", null)).failure().orElseThrow()).hasNoCause();
  }

  @Test
  void whatThePoolItselfThrewArrives() throws Exception {
    Throwable error =
        there(ATTEMPT.failed(new ResultTooLargeException("of 5 bytes", null)))
            .failure()
            .orElseThrow();

    assertThat(error).isInstanceOf(ResultTooLargeException.class).hasMessage("of 5 bytes");
  }

  @Test
  void whatIsCutOffOrNoOutcomeIsRefused() throws Exception {
    byte[] bytes = written(ATTEMPT.lost(EXIT), ItemRun.UNKNOWN);

    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(part));
    }
    bytes[2] = 'x';
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(bytes))
        .withMessageContaining("unknown OutcomeKind");
  }

  @Test
  void whatHasNotEndedIsNotWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written(new Outcome.Pending<>(1), ItemRun.UNKNOWN));
  }
}
