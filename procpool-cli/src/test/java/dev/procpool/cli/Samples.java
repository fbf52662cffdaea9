package dev.procpool.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Methods that tests name as TARGET. */
public final class Samples {

  private Samples() {}

  /** A row. */
  public record Order(String id, int qty, LocalDate due, BigDecimal price) {}

  /** Not serializable, and no bean. */
  public static final class Opaque {}

  /** An instance target. */
  public static final class Counter {
    private int calls;

    public String count(String text) {
      return text + " " + ++calls;
    }
  }

  /** Has no constructor without parameters. */
  public static final class Unmakeable {
    public Unmakeable(int size) {}

    public String tell(String text) {
      return text;
    }
  }

  public static String shout(String text) {
    throw new IllegalStateException(text + "\nprocpool: 9 items: 9 ok");
  }

  private static String closed(String text) {
    return text;
  }

  /** Of which there is no object. */
  public abstract static class Abstract {
    public String tell(String text) {
      return text;
    }
  }

  /** Needs an object around it. */
  public final class Inner {
    public String tell(String text) {
      return text;
    }
  }

  /** Makes itself. */
  public static final class Alone {
    private Alone() {}

    public String tell(String text) {
      return text;
    }
  }

  public static double price(int qty, double rate) {
    return qty * rate;
  }

  static String hidden(String text) {
    return "hidden " + text;
  }

  public static String over(int a, int b) {
    return "ints";
  }

  public static String over(String a, long b) {
    return "text and long";
  }

  public static int arity(int a) {
    return 1;
  }

  public static int arity(int a, int b) {
    return 2;
  }

  public static int arity(int a, int b, int c) {
    return 3;
  }

  public static String order(Order order) {
    return order.id() + "/" + order.qty() + "/" + order.due() + "/" + order.price();
  }

  public static Order echo(Order order) {
    return order;
  }

  public static int size(List<String> row) {
    return row.size();
  }

  public static Object get(Map<String, Integer> row) {
    return row;
  }

  public static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  public static int fail(int number) {
    if (number % 2 == 1) {
      throw new IllegalStateException("odd: " + number);
    }
    return number;
  }

  public static Object opaque(String text) {
    return new Opaque();
  }

  public static void nothing(String text) {}

  public static int bytes(byte[] content) {
    return content.length;
  }

  public static String mixed(TimeUnit unit, Duration time, boolean flag) {
    return unit + " " + time + " " + flag;
  }

  public static int none() {
    return 0;
  }
}
