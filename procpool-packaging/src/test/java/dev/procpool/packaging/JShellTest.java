package dev.procpool.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.ProcessPool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session of the real shell: its classes exist in memory alone, may be redefined under the same
 * name, and its variables are static fields that the shell sets.
 */
class JShellTest {

  /** One worker, which is warm: it has run tasks of the classes before they change. */
  private static final String SESSION =
      """
      import dev.procpool.*
      import dev.procpool.local.*
      Pool pool = ProcessPool.create(1)
      pool.map(x -> x * x, List.of(1, 2, 3))
      int offset = 100
      record Point(int x, int y) implements Serializable {}
      class Scale { int of(int n) { return 2 * n + offset; } }
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      offset = 200
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      class Scale { int of(int n) { return 3 * n + offset; } }
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      record Point(int x, int y, String z) implements Serializable { Point(int x, int y) { this(x, y, "new"); } }
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      int add(int x) { return x + offset; }
      pool.map(x -> add(x), List.of(1))
      int add(int x) { return x - offset; }
      pool.map(x -> add(x), List.of(1))
      var task = (dev.procpool.function.Task1<Integer, Integer>) x -> add(x) * 10
      pool.map(task, List.of(1))
      record Plain(int a, Optional<Path> b) {}
      pool.map(x -> new Plain(x, Optional.of(Path.of("c"))), List.of(1))
      pool.map(p -> p.a() + 1, List.of(new Plain(1, Optional.empty())))
      Plain plain = new Plain(2, Optional.of(Path.of("d")))
      pool.map(x -> Map.of(x, plain), List.of(1))
      var unused = new Object()
      pool.map(x -> x, List.of(String.valueOf(unused).length() > 0))
      pool.map(x -> unused.toString() + x, List.of(1))
      pool.close()
      /exit
      """;

  @TempDir Path directory;

  @Test
  void lambdasUseWhatTheShellDefinesAsItIsWhenTheyAreCalled() throws Exception {
    Started started =
        Started.run(
            directory,
            SESSION,
            List.of(
                Started.tool("jshell"),
                "--class-path",
                Started.jarOf(ProcessPool.class).toString()));
    assertThat(started.out().stream().filter(line -> line.contains("==> [")).map(JShellTest::value))
        .containsExactly(
            "[1, 4, 9]",
            "[Point[x=1, y=102], Point[x=2, y=104]]",
            "[Point[x=1, y=202], Point[x=2, y=204]]",
            "[Point[x=1, y=203], Point[x=2, y=206]]",
            "[Point[x=1, y=203, z=new], Point[x=2, y=206, z=new]]",
            "[201]",
            "[-199]",
            "[-1990]",
            "[Plain[a=1, b=Optional[c]]]",
            "[2]",
            "[{1=Plain[a=2, b=Optional[d]]}]",
            "[true]");
    assertThat(started.out())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("TaskSerializationException")
                    .contains("the shell's variable 'unused'")
                    .contains("java.lang.Object is not Serializable"));
    assertThat(started.exitCode()).isZero();
  }

  private static String value(String line) {
    return line.substring(line.indexOf("==> ") + 4);
  }
}
