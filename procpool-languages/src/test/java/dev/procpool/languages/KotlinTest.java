package dev.procpool.languages;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs in Kotlin are told, and that the way out compiles and works. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // a compiler on a busy machine
class KotlinTest {

  private static final String COMPILER =
      Program.jars("(kotlin-|kotlinx-coroutines-|annotations-).*");
  private static final String LIBRARY = Program.jars("kotlin-(stdlib|script-runtime)-.*");

  @TempDir Path directory;

  private void orders(String expected, String... options) throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    List<String> arguments = arguments(program);
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-d", program.directory().toString()));
    arguments.add(Program.SOURCES.resolve("kotlin/Orders.kt").toString());
    program.compile(COMPILER, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", arguments);
    program.prints(expected, program.classPath(LIBRARY), "acme.OrdersKt");
  }

  private static List<String> arguments(Program program) throws Exception {
    String classPath = program.classPath(LIBRARY);
    return new ArrayList<>(
        List.of("-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17", "-cp", classPath));
  }

  @Test
  void lambdas() throws Exception {
    orders("kotlin/Orders.txt");
  }

  /** As before Kotlin 2, and in libraries that were compiled then. */
  @Test
  void lambdasThatAreClasses() throws Exception {
    orders("kotlin/Orders-classes.txt", "-Xlambdas=class", "-Xsam-conversions=class");
  }

  @Test
  void scripts() throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    List<String> arguments = arguments(program);
    arguments.addAll(List.of("-script", Program.SOURCES.resolve("kotlin/orders.kts").toString()));
    program.prints(
        "kotlin/orders.kts.txt",
        COMPILER + ":" + program.classPath(""),
        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
        arguments.toArray(String[]::new));
  }
}
