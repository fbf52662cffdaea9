package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.function.Args;
import dev.procpool.function.Task0;
import dev.procpool.function.Task1;
import dev.procpool.function.Task2;
import dev.procpool.function.Tasks;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A value that can't be serialized is named, and the way to it. */
class FaultTest {

  private static final String HERE = "dev.procpool.codec.FaultTest";

  /** Not serializable. */
  static final class Wire {}

  static class Parser implements Serializable {
    private static final long serialVersionUID = 1L;
    int depth = 3;
    transient Wire harmless = new Wire();

    @SuppressWarnings("serial")
    Object wire = new Wire();
  }

  static final class Machine implements Serializable {
    private static final long serialVersionUID = 1L;
    String name = "m";
    Parser parser = new Parser();
  }

  static final class Host implements Serializable {
    private static final long serialVersionUID = 1L;
    final Parser parser = new Parser();

    Task0<Object> task() {
      return () -> parser;
    }
  }

  record Pair(Object left, Object right) implements Serializable {}

  static final class Angry implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeInt(1);
      throw new IllegalStateException("not today");
    }
  }

  static final class Declining implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new NotSerializableException("I decline");
    }
  }

  static final class Failing implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      throw new AssertionError("an error of its own");
    }
  }

  private final Wire wireOfTest = new Wire();

  private static CodecException failure(Object value) {
    ByteOutput out = new ByteOutput(4, Long.MAX_VALUE);
    out.putInt(7);
    CodecException failure =
        catchThrowableOfType(CodecException.class, () -> Codecs.CODEC.encode(value, out));
    assertThat(failure).isNotNull();
    assertThat(out.toByteArray()).as("what was there before").containsExactly(0, 0, 0, 7);
    return failure;
  }

  private static String message(Object value) {
    return failure(value).getMessage();
  }

  @Test
  void theValueItself() {
    assertThat(message(new Wire())).startsWith(HERE + "$Wire is not Serializable; make");
    assertThat(failure(new Wire())).hasCauseInstanceOf(NotSerializableException.class);
  }

  @Test
  void fieldAndNestedField() {
    assertThat(message(new Parser()))
        .startsWith(HERE + "$Wire at wire (field 'wire' of " + HERE + "$Parser) is not Serial");
    assertThat(message(new Machine()))
        .startsWith(HERE + "$Wire at parser.wire (field 'wire' of " + HERE + "$Parser)");
  }

  @Test
  void tupleComponent() {
    assertThat(message(Args.of(new Machine(), 1)))
        .startsWith(HERE + "$Wire at first.parser.wire (field 'wire' of " + HERE + "$Parser)");
    assertThat(message(Args.of(1, new Wire()))).startsWith(HERE + "$Wire at second is not");
    assertThat(message(Args.of(1, Args.of(2, new Object[] {new Wire()}))))
        .startsWith(HERE + "$Wire at second.second[0] is not");
    assertThat(message(Args.of(new int[1], "x", new Wire()))).contains("Wire at third is not");
  }

  @Test
  void elementsOfListsArraysAndMaps() {
    assertThat(message(new ArrayList<>(List.of(1, 2, new Parser())))).contains(" at [2].wire (f");
    assertThat(message(List.of(1, new Parser()))).contains(" at [1].wire (field");
    assertThat(message(new Object[] {1, new Object[] {new Wire()}})).contains(" at [1][0] is not");
    assertThat(message(Map.of("key", new Parser()))).contains(" at [\"key\"].wire (field");
    assertThat(message(Map.of(5, List.of(new Wire())))).contains(" at [5][0] is not");
    assertThat(message(Map.of(new Wire(), 1))).contains(" at [key a " + HERE + "$Wire] is not");
  }

  @Test
  void recordComponent() {
    assertThat(message(new Pair(1, new Wire())))
        .contains(" at right (component 'right' of " + HERE + "$Pair) is not Serializable");
  }

  @Test
  void insideClassThatReflectionMayNotEnter() {
    assertThat(message(new Pair(1, new AtomicReference<>(new Wire()))))
        .contains(" at right (inside java.util.concurrent.atomic.AtomicReference) is not");
  }

  @Test
  void capturedVariable() {
    int first = 1;
    Wire wire = new Wire();
    Parser parser = new Parser();
    Task0<Object> direct = () -> first + wire.hashCode();
    assertThat(message(direct))
        .startsWith(
            HERE
                + "$Wire at captured variable 'wire' of the lambda in "
                + HERE
                + ".capturedVariable is");
    Task2<Integer, Integer, Object> inside = (a, b) -> parser.depth + a + b;
    assertThat(message(Tasks.spread(inside)))
        .contains(
            "at captured variable 'parser' of the lambda in "
                + HERE
                + ".capturedVariable: wire (f");
  }

  @Test
  void receiverOfMethodReference() {
    Task1<Object, Boolean> bound = new Wire()::equals;
    assertThat(message(bound))
        .contains(
            "$Wire at the object that the method reference java.lang.Object::equals is bound");
  }

  @Test
  void capturedThis() {
    Task0<Object> task = () -> wireOfTest;
    assertThat(message(task))
        .startsWith(
            "the lambda in "
                + HERE
                + ".capturedThis uses 'this' ("
                + HERE
                + ") for its field 'wireOfTest', and that is not Serializable; ")
        .endsWith("copy the field into a local variable and use that");
  }

  @Test
  void fieldOfCapturedThis() {
    assertThat(message(new Host().task()))
        .contains("$Wire at 'this' of the lambda in ")
        .contains(".task: parser.wire (field 'wire' of ")
        .endsWith(
            "the lambda uses 'this' for its field 'parser': copy the field into a local variable"
                + " and use that");
  }

  @Test
  void adviceFitsTheClass() {
    assertThat(message(List.of(1).iterator())).endsWith("pass its elements, in a list");
    assertThat(message(Thread.currentThread()))
        .endsWith("Serializable; make the object in the task");
    assertThat(new CodecException(message(Thread.currentThread())).forResult().getMessage())
        .endsWith("Serializable; return what is needed of it");
  }

  @Test
  @SuppressWarnings("UnusedVariable") // it only has to be a lambda
  void comparatorOfMap() {
    Comparator<Object> comparator = (a, b) -> 0;
    assertThat(message(new Pair(1, new TreeMap<>(comparator))))
        .contains(" at right (inside java.util.TreeMap) is a lambda that is not Serializable");
  }

  @Test
  void lambdaThatIsNotSerializable() {
    Runnable plain = () -> {};
    assertThat(message(new Pair(plain, 1)))
        .contains(" at left (component 'left' of ")
        .contains(" is a lambda that is not Serializable: ")
        .endsWith("cast it: (Runnable & java.io.Serializable)");
  }

  @Test
  void innerClass() {
    Serializable inner =
        new Serializable() {
          private static final long serialVersionUID = 1L;

          @Override
          public String toString() {
            return "uses " + wireOfTest.hashCode();
          }
        };
    assertThat(message(inner))
        .contains(" at this$0 (field 'this$0' of ")
        .contains("write a lambda");
  }

  @Test
  void ownSerializationThatThrows() {
    CodecException angry = failure(new Pair(1, List.of(new Angry())));
    assertThat(angry)
        .hasMessage(
            HERE
                + "$Angry.writeObject threw java.lang.IllegalStateException: not today at right[0]")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(message(new Pair(1, new Declining())))
        .startsWith(HERE + "$Declining.writeObject threw java.io.NotSerializableException: I decl")
        .contains(" at right (component");
    assertThat(message(Args.of(1, new Failing())))
        .isEqualTo(
            HERE
                + "$Failing.writeReplace threw java.lang.AssertionError: an error of its own"
                + " at second");
  }

  @Test
  void graphTooDeepForTheStack() {
    Object[] deep = {1};
    for (int i = 0; i < 200_000; i++) {
      deep = new Object[] {deep};
    }
    CodecException failure = failure(deep);
    assertThat(failure).hasMessageContaining("too deeply nested");
    assertThat(failure).hasCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void faultAtTheEndOfLongChainIsFoundWithoutRecursion() {
    Object[] chain = {new Wire()};
    for (int i = 0; i < 200; i++) {
      chain = new Object[] {chain};
    }
    assertThat(message(chain)).contains("steps)...").hasSizeLessThan(500);
  }
}
