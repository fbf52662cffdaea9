package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.terminal.Streams;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The guide's table for those who come from GNU parallel names options that there are. */
class ParallelPageTest {

  private static final Path PAGE = Path.of("..", "docs", "guide", "coming-from-parallel.md");
  private static final Pattern OPTION =
      Pattern.compile("(?<![\\w-])(--[a-z][a-z-]+|-[a-zA-Z0])\\b");

  @Test
  void everyOptionOfOursExists() throws Exception {
    Streams none =
        new Streams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream()));
    Set<String> known =
        Procpool.commandLine(none, settings -> null)
            .getSubcommands()
            .get("starmap")
            .getCommandSpec()
            .optionsMap()
            .keySet();
    List<String> named =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.replace("\\|", "/").split("\\|"))
            .filter(cells -> cells.length > 3)
            .flatMap(cells -> OPTION.matcher(cells[2]).results().map(found -> found.group(1)))
            .collect(Collectors.toList());

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(known).containsAll(named);
  }
}
