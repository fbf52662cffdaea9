package dev.procpool.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argument files are read and written as the {@code java} command does: held against it. */
class ArgumentFileTest {

  private static final List<String> ARGUMENTS =
      List.of(
          "plain",
          "two words",
          "line1\nline2",
          "cr\rlf\r\n",
          "tab\there",
          "form\ffeed",
          "quote\"s",
          "apos'trophe",
          "back\\slash",
          "ends with \\",
          "#hash",
          "a#b",
          "@at",
          "100%",
          "",
          " ",
          "\\n");

  @TempDir Path directory;

  /** Prints its arguments, each in hexadecimal. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] arguments) {
      for (String argument : arguments) {
        StringBuilder line = new StringBuilder("=");
        for (char c : argument.toCharArray()) {
          line.append(Integer.toHexString(c)).append(' ');
        }
        System.out.println(line);
      }
    }
  }

  private static String hexadecimal(String argument) {
    StringBuilder line = new StringBuilder("=");
    for (char c : argument.toCharArray()) {
      line.append(Integer.toHexString(c)).append(' ');
    }
    return line.toString();
  }

  /** What {@code java} makes of a file, after words that have it run {@link Echo}. */
  private List<String> launched(String text) throws IOException, InterruptedException {
    String classPath = System.getProperty("java.class.path").split(File.pathSeparator)[0];
    String head = "-cp \"" + classPath.replace("\\", "\\\\") + "\" " + Echo.class.getName() + "\n";
    Path file = Files.writeString(directory.resolve("arguments"), head + text);
    Path out = directory.resolve("out");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "@" + file)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(out)).isZero();
    return Files.readAllLines(out);
  }

  private static List<String> read(String text) {
    return ArgumentFile.parse(text).stream().map(ArgumentFileTest::hexadecimal).toList();
  }

  @Test
  void whatIsWrittenArrivesAsItIs() throws Exception {
    StringBuilder text = new StringBuilder();
    ARGUMENTS.forEach(argument -> ArgumentFile.write(argument, text));

    assertThat(ArgumentFile.parse(text.toString())).isEqualTo(ARGUMENTS);
    assertThat(launched(text.toString()))
        .isEqualTo(ARGUMENTS.stream().map(ArgumentFileTest::hexadecimal).toList());
  }

  @Test
  void filesAreReadAsTheLauncherReadsThem() throws Exception {
    String text =
        """
        a b\tc  # the rest " is 'a comment
        lost# as is what is right before a comment
        "kept"lost# and goes on
        on
        # a line of it
        "with spaces" 'and '"in parts" x" y "z
        "it's" '"' "a\\tb" 'a\\nb' back\\slash "a\\\\b" "a\\"b"
        "goes \\
            on" last
        """;
    assertThat(read(text)).isEqualTo(launched(text));
  }

  @Test
  void soIsWhateverComes() throws Exception {
    long seed = 20_261_127;
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "ab \t\n\"'\\#n";
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }
    String all = String.join("\n\nnext\n", texts);
    assertThat(read(all)).as("seed %d", seed).isEqualTo(launched(all));
    assertThat(all.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(1000);
  }
}
