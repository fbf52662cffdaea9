package dev.procpool.languages;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs in Groovy are told, and that the way out compiles and works. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // a compiler on a busy machine
class GroovyTest {

  private static final String GROOVY = Program.jars("groovy-.*");
  private static final Path SCRIPT = Program.SOURCES.resolve("groovy/script.groovy");

  @TempDir Path directory;

  private void compiled(Path source, String main, String expected) throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    String classPath = program.classPath(GROOVY);
    program.compile(
        classPath,
        "org.codehaus.groovy.tools.FileSystemCompiler",
        List.of("-d", program.directory().toString(), source.toString()));
    program.prints(expected, classPath, main);
  }

  @Test
  void closuresAndLambdas() throws Exception {
    compiled(Program.SOURCES.resolve("groovy/Orders.groovy"), "acme.Main", "groovy/Orders.txt");
  }

  @Test
  void scripts() throws Exception {
    Program program = new Program(Files.createDirectories(directory.resolve("classes")));
    program.prints(
        "groovy/script.txt", program.classPath(GROOVY), "groovy.ui.GroovyMain", SCRIPT.toString());
  }

  @Test
  void scriptsThatAreCompiled() throws Exception {
    compiled(SCRIPT, "script", "groovy/script-compiled.txt");
  }
}
