package dev.procpool.local.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Origin;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker is told about a class, and what else with it. */
class LoaderViewTest {

  private static final String SOURCE =
      """
      package plugin;

      class Outer {
        Object first = new First();
        record Inner(java.sql.Date date) {}
      }

      class First {
        Second[] second = new Second[1];
        dev.procpool.Outcome<?> outcome() {
          return new dev.procpool.Outcome.Cancelled<>(0, 0, null, 0);
        }
      }

      class Second {
        org.junit.jupiter.api.TestInfo test() {
          return null;
        }
        Object assertion() {
          return org.assertj.core.api.Assertions.class;
        }
      }

      class Unrelated {}
      """;

  @TempDir Path folder;
  private URLClassLoader loader;

  @BeforeEach
  void compile() throws Exception {
    Path source = Files.writeString(folder.resolve("Plugin.java"), SOURCE);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    folder.toString(),
                    source.toString()))
        .isZero();
    loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
  }

  @AfterEach
  void close() throws Exception {
    loader.close();
  }

  @Test
  void whatAClassRefersToComesWithIt() {
    List<Content> contents =
        new LoaderView(1, loader, true).readClass("worker", "plugin/Outer.class");
    assertThat(contents.get(0).path()).isEqualTo("plugin/Outer.class");
    assertThat(contents)
        .extracting(Content::path, Content::origin)
        .contains(
            tuple("plugin/Outer.class", Origin.OWN),
            tuple("plugin/Outer$Inner.class", Origin.OWN),
            tuple("plugin/First.class", Origin.OWN),
            tuple("plugin/Second.class", Origin.OWN),
            tuple("dev/procpool/Outcome$Cancelled.class", Origin.SHARED),
            tuple("org/assertj/core/api/Assertions.class", Origin.SHARED))
        .doesNotContain(tuple("plugin/Unrelated.class", Origin.OWN));
    assertThat(contents)
        .filteredOn(content -> content.origin() == Origin.SHARED)
        .allMatch(content -> content.bytes().length == 0);
  }

  @Test
  void nothingComesAlongTwice() {
    LoaderView view = new LoaderView(1, loader, true);
    view.readClass("worker", "plugin/Outer.class");
    assertThat(view.readClass("worker", "plugin/First.class")).hasSize(1);
    assertThat(view.readClass("another", "plugin/First.class")).hasSizeGreaterThan(2);
  }

  @Test
  void whatIsNotThereIsMissing() {
    assertThat(new LoaderView(1, loader, true).readClass("worker", "no/Such.class"))
        .extracting(Content::origin)
        .containsExactly(Origin.MISSING);
  }
}
