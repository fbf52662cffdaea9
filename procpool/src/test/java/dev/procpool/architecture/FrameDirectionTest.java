package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A frame is sent the way that its type goes: nothing else has its number, nobody else names it.
 */
class FrameDirectionTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/procpool");

  /** Tells the reader of the ring which frames are large. */
  private static final String READER = "WorkerMain.java: ToWorker.BODY";

  @Test
  void eachTypeHasANumberOfItsOwn() throws IllegalAccessException {
    List<Integer> numbers = new ArrayList<>();
    for (Class<?> types : List.of(ToWorker.class, ToParent.class)) {
      for (Field type : types.getFields()) {
        numbers.add(type.getInt(null));
      }
    }

    assertThat(numbers).hasSizeGreaterThan(25).doesNotHaveDuplicates();
  }

  /** What comes is told apart, by {@code case} or a comparison; all other uses send. */
  @ParameterizedTest
  @CsvSource({"local, ToParent", "worker, ToWorker"})
  void noSideNamesWhatComesToItButToTellItApart(String side, String types) throws IOException {
    Pattern told = Pattern.compile("(case|[=!]=)\\s+" + types + "\\.\\w+");
    Pattern named = Pattern.compile("(?<!\\{@link )\\b" + types + "\\.\\w+");
    List<String> sent = new ArrayList<>();
    int found = 0;
    try (Stream<Path> files = Files.walk(SOURCES.resolve(side))) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        String source = Files.readString(file);
        found += (int) told.matcher(source).results().count();
        String rest = told.matcher(source).replaceAll("").replaceAll("(?m)^import .*", "");
        named.matcher(rest).results().forEach(m -> sent.add(file.getFileName() + ": " + m.group()));
      }
    }

    sent.remove(READER);
    assertThat(found).as("types told apart").isGreaterThan(5);
    assertThat(sent).as("types of frames to %s that %s sends", side, side).isEmpty();
  }
}
