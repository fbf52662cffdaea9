package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.observe.Observation;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A call that the backend never had is nobody's but the pool's. */
class UnsentCallTest {

  private static final Task1<Object, Object> TASK = x -> x;

  /** A call for whose end there is no memory, so and so often. */
  private static final class Stubborn extends PoolCall<Object, Object> {
    private int lacks;

    Stubborn(PoolLife life, int lacks) {
      super(life, TASK, TaskOptions.defaults(), new ItemSource<>(List.of(), 0), false);
      this.lacks = lacks;
    }

    @Override
    public void abort(Throwable cause) {
      if (lacks-- > 0) {
        throw new OutOfMemoryError("rehearsed");
      }
      lock.lock();
      try {
        endNow();
      } finally {
        lock.unlock();
      }
      leavePool();
    }

    @Override
    void sourceEnded(@Nullable Throwable error) {}

    @Override
    public void succeeded(
        long index,
        Object value,
        int attempts,
        long nanos,
        WorkerName worker,
        long bytes,
        ItemRun run) {}

    @Override
    public void succeeded(
        long[] indexes,
        ValueBatch<?> values,
        int attempts,
        long[] nanos,
        WorkerName worker,
        ItemRun run) {}

    @Override
    public void settled(Outcome<Object> outcome, ItemRun run) {}

    @Override
    public OptionalLong items() {
      return OptionalLong.empty();
    }
  }

  @Test
  void thePoolEndsItOnceThereIsMemory() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    backend.refusal = new OutOfMemoryError("no memory to submit it");
    PoolLife life = new PoolLife("unsent", backend, new Observation("unsent", List.of()));
    Stubborn call = new Stubborn(life, 3);
    assertThatThrownBy(() -> life.submit(call)).isInstanceOf(OutOfMemoryError.class);
    assertThat(life.calls()).containsExactly(call);

    life.shutdown();

    assertThat(life.awaitTermination(Deadline.after(ScriptedBackend.SAFETY))).isTrue();
    assertThat(call.isEnded()).isTrue();
    assertThat(life.calls()).isEmpty();
    Leftovers.assertNoThread("procpool-unsent-");
  }
}
