package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Section 1 of the contract: right calls compile; a wrong arity or a wrong type does not. Each line
 * is compiled alone, in a method that has the values of {@link #SCOPE} in scope.
 */
class TypingTest {

  private static final String SCOPE =
      """
      import dev.procpool.*;
      import dev.procpool.function.*;
      import java.util.*;
      class Snippet {
        static int twice(int x) { return 2 * x; }
        static String twice(String s) { return s + s; }
        static double area(int width, double height) { return width * height; }
        static String repeat(String s, int n) { return s.repeat(n); }
        static int sum3(int a, int b, int c) { return a + b + c; }
        static void print2(int a, double b) { System.out.println(a + b); }
        static int checked(int x) throws java.io.IOException { throw new java.io.IOException(); }
        void snippet(Pool pool, List<Integer> ints, List<String> strings,
            List<Args2<Integer, Double>> pairs, List<Args3<Integer, Integer, Integer>> triples)
            throws Exception {
          STATEMENT
        }
      }
      """;

  static Stream<String> right() {
    return Stream.of(
        // lambda
        "int r = pool.apply(() -> 1);",
        "List<Integer> r = pool.map(x -> x * x, ints);",
        "List<Double> r = pool.starmap((a, b) -> a * b, pairs);",
        "MapResult<Double> r = pool.starmapAsync((a, b) -> a * b, pairs);",
        "ResultIterator<Double> r = pool.istarmap((a, b) -> a * b, pairs);",
        "List<Integer> r = pool.starmap((a, b, c) -> a + b + c, triples);",
        "pool.forEach(x -> System.out.println(x), ints);",
        "pool.starForEach((a, b) -> print2(a, b), pairs);",
        "AsyncResult<String> r = pool.applyAsync((a, b) -> a + b, \"x\", 1);",
        // method reference
        "List<Double> r = pool.starmap(Snippet::area, pairs);",
        "List<Integer> r = pool.starmap(Snippet::sum3, triples);",
        "double r = pool.apply(Snippet::area, 2, 0.5);",
        "pool.starForEach(Snippet::print2, pairs);",
        "List<Integer> r = pool.map(String::length, strings);",
        "List<Integer> r = pool.map(Snippet::checked, ints);",
        // overloaded method reference
        "List<Integer> r = pool.map(Snippet::twice, ints);",
        "List<String> r = pool.map(Snippet::twice, strings);",
        "List<Double> r = pool.starmap(Math::pow, List.of(Args.of(2.0, 3.0)));",
        "List<Integer> r = pool.starmap(Math::max, List.of(Args.of(2, 3)));",
        "List<String> r = pool.map(String::valueOf, ints);",
        // a function that returns something is an action too
        "pool.forEach(Snippet::twice, ints);",
        "pool.starForEach(Snippet::area, pairs);",
        // supertypes of the arguments, subtypes of the result
        "List<Number> r = pool.<Integer, Number>map(x -> x, ints);",
        "Task1<Object, String> t = Object::toString; List<String> r = pool.map(t, ints);",
        "Task2<Number, Number, Double> t = (a, b) -> 0.0;"
            + " List<Double> r = pool.starmap(t, pairs);",
        "Task1<Integer, Integer> t = x -> x;"
            + " List<? extends Number> r = pool.map(t, new ArrayDeque<>(ints));",
        // a tuple is an item like any other
        "List<Integer> r = pool.map(pair -> pair.first(), pairs);",
        // callbacks
        "pool.mapAsync(x -> x, ints).onSuccess(values -> values.get(0).intValue())"
            + ".onFailure(e -> e.printStackTrace()).outcomes();",
        "Pool view = pool.with(TaskOptions.defaults().chunkSize(10));");
  }

  static Stream<String> wrong() {
    return Stream.of(
        // arity
        "pool.starmap((a, b, c) -> a, pairs);",
        "pool.starmap((a) -> a, pairs);",
        "pool.starmap((a, b) -> a, triples);",
        "pool.starmap(Snippet::sum3, pairs);",
        "pool.starmap(Snippet::area, triples);",
        "pool.starForEach((a, b, c) -> {}, pairs);",
        "pool.map((a, b) -> a, pairs);",
        "pool.map(Snippet::area, pairs);",
        "pool.starmap(x -> x, ints);",
        "pool.apply(Snippet::area, 1);",
        "pool.apply(Snippet::area, 1, 2.0, 3);",
        "pool.apply((a, b, c, d, e, f, g) -> 0, 1, 2, 3, 4, 5, 6, 7);",
        "Args.of(1);",
        "Args.of(1, 2, 3, 4, 5, 6, 7);",
        // types of arguments
        "pool.starmap(Snippet::repeat, pairs);",
        "pool.starmap(Snippet::area, List.of(Args.of(\"2\", 0.5)));",
        "pool.starmap(Snippet::area, List.of(Args.of(0.5, 2)));",
        "pool.apply(Snippet::area, \"2\", 0.5);",
        "pool.map(String::length, ints);",
        "Task1<String, String> t = s -> s; pool.map(t, ints);",
        "pool.starmap((a, b) -> a.length(), pairs);",
        // types of results
        "List<String> r = pool.map(x -> x + 1, ints);",
        "String r = pool.apply(() -> 1);",
        "List<Integer> r = pool.starmap(Snippet::area, pairs);",
        "MapResult<String> r = pool.starmapAsync((a, b) -> a * b, pairs);",
        // actions give no values
        "List<Integer> r = pool.forEach(x -> {}, ints);",
        "pool.map(x -> { }, ints);",
        "pool.starmap(Snippet::print2, pairs);",
        // what is no task
        "Runnable run = () -> {}; pool.apply(run);",
        "java.util.function.Function<Integer, Integer> f = x -> x; pool.map(f, ints);");
  }

  @TestFactory
  Stream<DynamicTest> aRightCallCompiles() throws IOException {
    List<String> statements = right().toList();
    List<List<String>> errors = errorsOf(statements);
    return IntStream.range(0, statements.size())
        .mapToObj(i -> dynamicTest(statements.get(i), () -> assertThat(errors.get(i)).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> aWrongCallDoesNotCompile() throws IOException {
    List<String> statements = wrong().toList();
    List<List<String>> errors = errorsOf(statements);
    return IntStream.range(0, statements.size())
        .mapToObj(
            i -> dynamicTest(statements.get(i), () -> assertThat(errors.get(i)).isNotEmpty()));
  }

  /** Compiles the statements, each in a package of its own, and gives the errors of each. */
  private static List<List<String>> errorsOf(List<String> statements) throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    List<List<String>> errors = new ArrayList<>();
    for (String statement : statements) {
      sources.add(new Source(sources.size(), statement));
      errors.add(new ArrayList<>());
    }
    DiagnosticListener<JavaFileObject> listener =
        diagnostic -> {
          if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
            errors
                .get(((Source) diagnostic.getSource()).number)
                .add(diagnostic.getMessage(Locale.ROOT));
          }
        };
    List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    // Analysis finds all errors of type; nothing is written.
    ((JavacTask) compiler.getTask(new StringWriter(), null, listener, options, null, sources))
        .analyze();
    return errors;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final int number;
    private final String text;

    Source(int number, String statement) {
      super(URI.create("string:///p" + number + "/Snippet.java"), Kind.SOURCE);
      this.number = number;
      this.text = "package p" + number + ";\n" + SCOPE.replace("STATEMENT", statement);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
