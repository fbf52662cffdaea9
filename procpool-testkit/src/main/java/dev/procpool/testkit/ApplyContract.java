package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.function.Task1;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Section 1 of the contract: {@code apply} and {@code applyAsync}, for 0 to 6 arguments. */
public abstract class ApplyContract extends ContractTest {

  /** For subclasses. */
  protected ApplyContract() {}

  @Test
  void applyTakesZeroToSixArguments() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.apply(Arities::none)).isEqualTo("none");
    assertThat(pool.apply(Arities::one, 1)).isEqualTo("one 1");
    assertThat(pool.apply(Arities::two, 1, 2.5)).isEqualTo("two 1 2.5");
    assertThat(pool.apply(Arities::three, 1, 2.5, "c")).isEqualTo("three 1 2.5 c");
    assertThat(pool.apply(Arities::four, 1, 2.5, "c", true)).isEqualTo("four 1 2.5 c true");
    assertThat(pool.apply(Arities::five, 1, 2.5, "c", true, 5L)).isEqualTo("five 1 2.5 c true 5");
    assertThat(pool.apply(Arities::six, 1, 2.5, "c", true, 5L, 'f'))
        .isEqualTo("six 1 2.5 c true 5 f");
  }

  @Test
  void applyAsyncTakesZeroToSixArguments() throws Exception {
    Pool pool = pool(2);
    AsyncResult<String> none = pool.applyAsync(Arities::none);
    AsyncResult<String> one = pool.applyAsync(Arities::one, 1);
    AsyncResult<String> two = pool.applyAsync(Arities::two, 1, 2.5);
    AsyncResult<String> three = pool.applyAsync(Arities::three, 1, 2.5, "c");
    AsyncResult<String> four = pool.applyAsync(Arities::four, 1, 2.5, "c", true);
    AsyncResult<String> five = pool.applyAsync(Arities::five, 1, 2.5, "c", true, 5L);
    AsyncResult<String> six = pool.applyAsync(Arities::six, 1, 2.5, "c", true, 5L, 'f');
    assertThat(none.get()).isEqualTo("none");
    assertThat(one.get()).isEqualTo("one 1");
    assertThat(two.get()).isEqualTo("two 1 2.5");
    assertThat(three.get()).isEqualTo("three 1 2.5 c");
    assertThat(four.get()).isEqualTo("four 1 2.5 c true");
    assertThat(five.get()).isEqualTo("five 1 2.5 c true 5");
    assertThat(six.get()).isEqualTo("six 1 2.5 c true 5 f");
  }

  @Test
  void applyAsyncReturnsBeforeTheTaskEnds() throws Exception {
    FileLatch release = latch("release");
    AsyncResult<String> result =
        pool(1)
            .applyAsync(
                () -> {
                  release.await();
                  return "released";
                });
    assertThat(result.isReady()).isFalse();
    release.countDown();
    assertThat(result.get()).isEqualTo("released");
  }

  @Test
  void applyReturnsAfterTheTaskHasEnded() throws Exception {
    FileLatch ended = latch("ended");
    pool(1)
        .apply(
            () -> {
              ended.countDown();
              return nothing();
            });
    assertThat(ended.isOpen()).isTrue();
  }

  @Test
  void lambdasMethodReferencesAndNamedClassesAreTasks() throws Exception {
    Pool pool = pool(1);
    String captured = "captured ";
    assertThat(pool.<Integer, String>apply(x -> captured + x, 1)).isEqualTo("captured 1");
    assertThat(pool.apply(Integer::toHexString, 255)).isEqualTo("ff");
    assertThat(pool.apply(String::concat, "bound ", "receiver")).isEqualTo("bound receiver");
    StringBuilder constructed = pool.apply(StringBuilder::new, "constructed");
    assertThat(constructed).hasToString("constructed");
    assertThat(pool.apply(new AddTo(40), 2)).isEqualTo(42);
  }

  @Test
  void nullIsAnArgumentAndAResultLikeAnyOther() throws Exception {
    Pool pool = pool(1);
    assertThat(pool.apply(Arities::three, nothing(), 2.5, nothing()))
        .isEqualTo("three null 2.5 null");
    assertThat(pool.<Object, Object>apply(x -> x, nothing())).isNull();
    assertThat(pool.<Object>apply(() -> nothing())).isNull();
    AsyncResult<Object> result = pool.applyAsync(() -> nothing());
    result.await();
    assertThat(result.isSuccessful()).isTrue();
  }

  @Test
  void theTasksFailureIsTheCauseOfAnExecutionException() {
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(
            () ->
                pool.apply(
                    () -> {
                      throw new IOException("no such file");
                    }))
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("no such file");
  }

  @Test
  void largeArgumentsAndResultsCross() throws Exception {
    byte[] large = new byte[3 << 20];
    large[large.length - 1] = 42;
    byte[] back = pool(1).<byte[], byte[]>apply(bytes -> bytes.clone(), large);
    assertThat(back).isEqualTo(large);
  }

  /** A task that is an object of a named class with state. */
  private record AddTo(int summand) implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return x + summand;
    }
  }
}
