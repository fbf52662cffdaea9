package dev.procpool.languages;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs in Clojure are told, and that the way out compiles and works. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // a compiler on a busy machine
class ClojureTest {

  private static final String CLOJURE = Program.jars("(clojure|spec.alpha|core.specs.alpha)-.*");

  @TempDir Path directory;
  private String classPath;
  private Program program;

  @BeforeEach
  void start() throws Exception {
    program = new Program(Files.createDirectories(directory.resolve("classes")));
    classPath = program.classPath(CLOJURE);
  }

  @Test
  void compiledAheadOfTime() throws Exception {
    program.compile(withSources(), "clojure.lang.Compile", List.of("acme.orders"));
    program.prints("clojure/compiled.txt", classPath, "acme.orders");
  }

  @Test
  void notCompiled() throws Exception {
    String calls = "(require 'acme.orders) (acme.orders/-main)";
    program.prints("clojure/not-compiled.txt", withSources(), "clojure.main", "-e", calls);
  }

  private String withSources() {
    return classPath + ":" + Program.SOURCES.resolve("clojure").toAbsolutePath();
  }
}
