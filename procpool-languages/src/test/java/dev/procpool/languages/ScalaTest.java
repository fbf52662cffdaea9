package dev.procpool.languages;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs in Scala are told, and that the way out compiles and works. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // a compiler on a busy machine
class ScalaTest {

  private static final String SCALA_2 =
      Program.jars("scala-(library|reflect|compiler)-.*|jline-3.*|java-diff-utils-.*");
  private static final String SCALA_3 =
      Program.jars(
          "(scala3-|tasty-core|scala-asm|scala-library|(compiler|util)-interface|jline-).*");

  @TempDir Path directory;

  private void orders(String compiler, String jars, String library) throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    List<String> arguments =
        List.of(
            "-release",
            "17",
            "-cp",
            program.classPath(library),
            "-d",
            program.directory().toString(),
            Program.SOURCES.resolve("scala/Orders.scala").toString());
    program.compile(jars, compiler, arguments);
    program.prints("scala/Orders.txt", program.classPath(library), "acme.Main");
  }

  @Test
  void scala2() throws Exception {
    orders("scala.tools.nsc.Main", SCALA_2, Program.jars("scala-library-.*"));
  }

  @Test
  void scala3() throws Exception {
    orders("dotty.tools.dotc.Main", SCALA_3, Program.jars("scala3?-library.*"));
  }

  private void session(String expected, String main, String jars) throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    String classPath = program.classPath(jars);
    program.answers(expected, "scala/session.scala", classPath, main, "-usejavacp");
  }

  @Test
  void promptOfScala2() throws Exception {
    session("scala/session-2.txt", "scala.tools.nsc.MainGenericRunner", SCALA_2);
  }

  @Test
  void promptOfScala3() throws Exception {
    session("scala/session-3.txt", "dotty.tools.repl.Main", SCALA_3);
  }
}
