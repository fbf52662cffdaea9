package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that can be a task, and what is said of what can't. */
class LambdaTasksTest {

  private static final String HERE = LambdaTasksTest.class.getName();

  private static Pool pool;

  private int rate = 3;

  @BeforeAll
  static void makePool() {
    pool = ProcessPool.create(1);
  }

  @AfterAll
  static void endPool() throws InterruptedException {
    pool.terminate();
    pool.join();
  }

  // ------------------------------------------------------------------ what works

  @Test
  void capturedVariables() throws Exception {
    int number = 1;
    long wide = 2;
    String text = "t";
    double[] array = {0.5};
    List<Point> points = List.of(new Point(1, 2));
    String told = pool.apply(x -> number + wide + text + array[0] + points + x, 7);
    assertThat(told).isEqualTo("3t0.5[Point[x=1, y=2]]7");
  }

  @Test
  void capturedLambdas() throws Exception {
    Task1<Integer, Integer> inner = x -> x + 1;
    Task1<Integer, Integer> outer = x -> inner.call(x) * 10;
    assertThat(pool.apply(outer, 1)).isEqualTo(20);
  }

  @Test
  void methodReferences() throws Exception {
    Point point = new Point(1, 2);
    assertThat(pool.apply(LambdaTasksTest::twice, 4)).isEqualTo(8);
    assertThat(pool.apply(point::plus, 4)).as("of an instance").isEqualTo(7);
    assertThat(pool.map(String::length, List.of("a", "bc"))).containsExactly(1, 2);
    assertThat(pool.starmap(Point::new, List.of(Args.of(5, 6)))).containsExactly(new Point(5, 6));
    assertThat(pool.apply(int[]::new, 3)).hasSize(3);
  }

  @Test
  void localAndAnonymousClasses() throws Exception {
    assertThat(localAndAnonymous(5)).containsExactly(6, 7);
  }

  private static List<Integer> localAndAnonymous(int captured) throws Exception {
    class Local implements Task1<Integer, Integer> {
      private static final long serialVersionUID = 1L;

      @Override
      public Integer call(Integer x) {
        return x + captured;
      }
    }
    Task1<Integer, Integer> anonymous =
        new Task1<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Integer call(Integer x) {
            return x + captured;
          }
        };
    return List.of(pool.apply(new Local(), 1), pool.apply(anonymous, 2));
  }

  @Test
  void recordsAndEnums() throws Exception {
    assertThat(pool.map(new Scale(3), List.of(1, 2))).containsExactly(3, 6);
    assertThat(pool.map(Operation.SQUARE, List.of(3))).containsExactly(9);
    assertThat(pool.map(Operation::opposite, List.of(Operation.SQUARE, Operation.NEGATE)))
        .containsExactly(Operation.NEGATE, Operation.SQUARE);
  }

  @Test
  void genericTasks() throws Exception {
    assertThat(pool.map(new Wrap<String>(), List.of("a"))).containsExactly(List.of("a"));
    assertThat(first(List.of(new Point(1, 2)))).isEqualTo(new Point(1, 2));
  }

  private static <T extends Serializable> T first(List<T> list) throws Exception {
    return pool.apply(items -> items.get(0), list);
  }

  // ------------------------------------------------------------------ what can't be sent

  @Test
  void thisForTheSakeOfAField() {
    assertRefused(
        () -> pool.map(x -> x * rate, List.of(1)),
        "item 0: the task can't be serialized: the lambda in "
            + HERE
            + ".thisForTheSakeOfAField uses 'this' ("
            + HERE
            + ") for its field 'rate', and that is not Serializable;"
            + " copy the field into a local variable and use that");
  }

  @Test
  void thisForTheSakeOfAMethod() {
    assertRefused(
        () -> pool.map(x -> price(x), List.of(1)),
        "item 0: the task can't be serialized: the lambda in "
            + HERE
            + ".thisForTheSakeOfAMethod uses 'this' ("
            + HERE
            + ") for its method price(), and that is not Serializable; make the method static");
  }

  @Test
  void aMethodOfThis() {
    assertRefused(
        () -> pool.map(this::price, List.of(1)),
        "item 0: the task can't be serialized: "
            + HERE
            + " at the object that the method reference "
            + HERE
            + "::price is bound to is not Serializable;"
            + " make it Serializable, or make the method static, or make the object in the task");
  }

  @Test
  void aCapturedVariableIsNamed() {
    long wide = 1;
    Thread thread = Thread.currentThread();
    assertRefused(
        () -> pool.map(x -> x + wide + thread.getName(), List.of(1)),
        "item 0: the task can't be serialized: java.lang.Thread at captured variable 'thread' of"
            + " the lambda in "
            + HERE
            + ".aCapturedVariableIsNamed is not Serializable; make the object in the task");
  }

  @Test
  void anAnonymousClassHoldsWhatIsAroundIt() {
    Task1<Integer, Integer> task =
        new Task1<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Integer call(Integer x) {
            return x * rate;
          }
        };
    assertRefused(
        () -> pool.apply(task, 1),
        "item 0: the task can't be serialized: "
            + HERE
            + " at this$0 (field 'this$0' of "
            + task.getClass().getName()
            + ") is not Serializable; an anonymous class holds the object around it:"
            + " write a lambda, or a static class");
  }

  @Test
  void anArgumentIsNamedByItsPosition() {
    assertRefused(
        () -> pool.starmap((a, b) -> a, List.of(Args.of(0, 0), Args.of(1, new Plain()))),
        "item 1: the argument can't be serialized: "
            + Plain.class.getName()
            + " at second is not Serializable;"
            + " make it Serializable, or make the object in the task");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(call::call)
        .havingCause()
        .isInstanceOf(TaskSerializationException.class)
        .withMessage(message);
  }

  // ------------------------------------------------------------------ what comes back

  @Test
  void aNullPointerKeepsItsMessage() {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(x -> new Holder().value.length() + x, 1))
        .havingCause()
        .isExactlyInstanceOf(NullPointerException.class)
        .withMessageContaining("Cannot invoke \"String.length()\" because ")
        .withMessageContaining("is null")
        .satisfies(e -> assertThat(e.getStackTrace()[0].getClassName()).isEqualTo(HERE));
  }

  private int price(int x) {
    return x * rate;
  }

  private static int twice(int x) {
    return 2 * x;
  }

  private static final class Plain {}

  private static final class Holder {
    private String value;
  }

  private record Point(int x, int y) implements Serializable {
    int plus(int z) {
      return x + y + z;
    }
  }

  private record Scale(int by) implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return x * by;
    }
  }

  private enum Operation implements Task1<Integer, Integer> {
    SQUARE {
      @Override
      public Integer call(Integer x) {
        return x * x;
      }
    },
    NEGATE {
      @Override
      public Integer call(Integer x) {
        return -x;
      }
    };

    Operation opposite() {
      return this == SQUARE ? NEGATE : SQUARE;
    }
  }

  private static final class Wrap<T> implements Task1<T, List<T>> {
    private static final long serialVersionUID = 1L;

    @Override
    public List<T> call(T value) {
      return List.of(value);
    }
  }
}
