package dev.procpool.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.cli.CommandLineFixture;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A value is written as what it is, or refused: never as the name of its class, or in part. */
class JsonFormTest {

  private static final class Priv {
    @SuppressWarnings("unused")
    private final int number = 1;
  }

  /** Has a getter that throws. */
  public static final class Thrower {
    public int getNumber() {
      throw new IllegalStateException("gone");
    }
  }

  /** Has a getter that needs a class which is not there. */
  public static final class Broken {
    public int getNumber() {
      throw new NoClassDefFoundError("com/acme/Gone");
    }
  }

  /** Points to itself, at once or by way of a list. */
  public static final class Node {
    public final List<Object> next = new ArrayList<>();
    public Node self;
  }

  /** Whose text is the usual one with something around it. */
  public static final class Around {
    @Override
    public String toString() {
      return "<" + super.toString() + ">";
    }
  }

  /** Has a text of its own. */
  public static final class Money {
    @Override
    public String toString() {
      return "12.50 EUR";
    }
  }

  private record Empty() {}

  private record Pair(Object a, Object b) {}

  private static Node cycle(boolean direct) {
    Node node = new Node();
    node.self = direct ? node : null;
    node.next.add(direct ? 1 : node);
    return node;
  }

  static List<Arguments> refused() {
    Runnable action = () -> {};
    return List.of(
        Arguments.of(new Priv(), "a Priv", "has neither public fields nor getters"),
        Arguments.of(new Pair(1, List.of(new Priv())), "a Pair", "at b[0]"),
        Arguments.of(Map.of(new Priv(), 1), "a Map1", "has neither public fields nor getters"),
        Arguments.of(new Priv[] {null, new Priv()}, "a Priv[]", "at [1]"),
        Arguments.of(new Around(), "a Around", "has neither public fields nor getters"),
        Arguments.of(new Object(), "a Object", "has neither public fields nor getters"),
        Arguments.of(action, "a JsonFormTest$$Lambda", "has neither public fields nor getters"),
        Arguments.of(
            new Thrower(), "a Thrower", "it threw java.lang.IllegalStateException: gone at number"),
        Arguments.of(new Broken(), "a Broken", "it threw java.lang.NoClassDefFoundError"),
        Arguments.of(new Pair(Map.of(1, "a", "1", "b"), 2), "a Pair", "Duplicate field '1' at a"),
        Arguments.of(cycle(true), "a Node", "self-reference"),
        Arguments.of(cycle(false), "a Node", "nesting depth"),
        Arguments.of(new CompletableFuture<>(), "a CompletableFuture", "is no value, but a way to"),
        Arguments.of(
            new ByteArrayInputStream(new byte[0]), "a ByteArrayInputStream", "is no value"),
        Arguments.of(Thread.currentThread(), "a Thread", "is no value, but a way to one"),
        Arguments.of(List.of(1).spliterator(), "a ", "is no value, but a way to one"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatHasNoJsonFormIsRefused(Object value, String what, String why) {
    assertThatThrownBy(() -> JsonConverter.write(value))
        .isInstanceOf(NoJsonFormException.class)
        .hasMessageStartingWith("the method returned " + what.substring(0, 2))
        .hasMessageContaining("the method returned " + what)
        .hasMessageContaining(why)
        .hasMessageEndingWith("; return a record, list, map, text or number");
  }

  static List<Arguments> written() {
    Map<Object, Object> days = new HashMap<>();
    days.put(LocalDate.of(2024, 1, 2), Optional.empty());
    return List.of(
        Arguments.of(Stream.of("a", "b"), "[\"a\",\"b\"]"),
        Arguments.of(IntStream.range(0, 3), "[0,1,2]"),
        Arguments.of(List.of(1, 2).iterator(), "[1,2]"),
        Arguments.of(new Money(), "\"12.50 EUR\""),
        Arguments.of(new Pair(new Money(), Double.NaN), "{\"a\":\"12.50 EUR\",\"b\":\"NaN\"}"),
        Arguments.of(days, "{\"2024-01-02\":null}"),
        Arguments.of(Map.of(new Money(), 1), "{\"12.50 EUR\":1}"),
        Arguments.of(new Empty(), "{}"),
        Arguments.of(new AtomicInteger(7), "7"),
        Arguments.of(new StringBuilder("text"), "\"text\""),
        Arguments.of(new BigDecimal("1.50"), "1.50"),
        Arguments.of(Arrays.asList(1, null), "[1,null]"),
        Arguments.of(List.of("\ud800x", "\ud83d\ude00"), "[\"\\ud800x\",\"\ud83d\ude00\"]"));
  }

  @ParameterizedTest
  @MethodSource("written")
  void whatHasAJsonFormIsWritten(Object value, String json) throws Exception {
    assertThat(JsonConverter.write(value)).isEqualTo(json);
  }

  @Test
  void suchAnItemHasFailed() {
    CommandLineFixture cli = new CommandLineFixture();

    assertThat(cli.run("a\n", "map", "dev.procpool.cli.Samples::opaque")).isEqualTo(1);

    assertThat(cli.results().get(0).get("status").asText()).isEqualTo("failed");
    assertThat(cli.results().get(0).get("error").get("type").asText()).isEqualTo("NoJsonForm");
    assertThat(cli.err).contains("line 1: failed: NoJsonForm: the method returned a Opaque, which");
  }
}
