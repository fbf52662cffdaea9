package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guide's recipes, run by a shell as a reader would run them: they print what is said there.
 */
class RecipesTest {

  private static final Path PAGE = Path.of("..", "docs", "guide", "recipes.md");
  private static final String CODE = "    ";
  private static final String PROMPT = "$ ";

  @TempDir Path directory;

  /**
   * A recipe.
   *
   * @param title its heading
   * @param commands what is typed
   * @param printed what that prints
   */
  record Recipe(String title, List<String> commands, List<String> printed) {
    @Override
    public String toString() {
      return title;
    }
  }

  /** Reads the page: commands begin with {@code $}, a here-document ends with {@code END}. */
  static Stream<Recipe> recipes() throws IOException {
    List<Recipe> recipes = new ArrayList<>();
    boolean isInDocument = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        recipes.add(new Recipe(line.substring(3), new ArrayList<>(), new ArrayList<>()));
      } else if (line.startsWith(CODE)) {
        Recipe recipe = recipes.get(recipes.size() - 1);
        String text = line.substring(CODE.length());
        if (text.startsWith(PROMPT)) {
          recipe.commands().add(text.substring(PROMPT.length()));
          isInDocument = text.endsWith("<<'END'");
        } else if (isInDocument) {
          recipe.commands().add(text);
          isInDocument = !text.equals("END");
        } else {
          recipe.printed().add(text);
        }
      } else if (isInDocument) {
        recipes.get(recipes.size() - 1).commands().add(line);
      }
    }
    return recipes.stream();
  }

  @Test
  void thereAreTen() throws IOException {
    assertThat(recipes()).hasSize(10).allMatch(recipe -> !recipe.printed().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void printsWhatThePageSays(Recipe recipe) throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    String java =
        Program.builder(directory, List.of()).command().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Path program =
        Files.writeString(bin.resolve("procpool"), "#!/bin/sh\nexec " + java + " \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path home = Files.createDirectory(directory.resolve("work"));
    Path script =
        Files.writeString(directory.resolve("script"), String.join("\n", recipe.commands()) + "\n");
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(home.toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().merge("PATH", bin.toString(), (path, ours) -> ours + ":" + path);

    Process shell = builder.start();
    shell.getOutputStream().close();
    assertThat(shell.waitFor(100, TimeUnit.SECONDS)).isTrue();

    assertThat(Files.readAllLines(directory.resolve("out")))
        .as(Files.readString(directory.resolve("err")))
        .isEqualTo(recipe.printed());
  }
}
