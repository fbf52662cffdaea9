package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar with all in it, from which what isn't needed has been left out. */
class RunnableJarTest {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path directory;

  private Started procpool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 3];
    command[0] = JAVA;
    command[1] = "-jar";
    command[2] = Dist.jar().toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Started.run(directory, command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gz", "bz2", "xz", "zst"})
  void itReadsWhatIsPackedInEachWay(String way) throws Exception {
    Path file = directory.resolve("numbers");
    try (OutputStream out = packing(way, Files.newOutputStream(file))) {
      out.write("a,b\n2,3\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    Started run =
        procpool("starmap", "Math::pow", "numbers", "--header", "-f", "csv", "--print", "value");

    assertThat(run.well()).isEqualTo("8.0\n");
  }

  private static OutputStream packing(String way, OutputStream out) throws IOException {
    return switch (way) {
      case "gz" -> new GZIPOutputStream(out);
      case "bz2" -> new BZip2CompressorOutputStream(out);
      case "xz" -> new XZCompressorOutputStream(out);
      case "zst" -> new ZstdOutputStream(out);
      default -> out;
    };
  }

  @Test
  void itIsOfAModestSize() throws Exception {
    assertThat(Files.size(Dist.jar())).isBetween(1_000_000L, 8_500_000L);
  }
}
