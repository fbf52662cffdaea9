package dev.procpool.cli.cluster;

import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user's own unpacked Spark: its jars and its defaults. Immutable.
 *
 * @param jars its jars
 * @param defaults what its {@code spark-defaults.conf} says
 */
record SparkHome(List<Path> jars, Map<String, String> defaults) {

  private static final String VARIABLE = "SPARK_HOME";
  private static final String WANTED = "procpool needs Spark 3.5 or 4 for Scala 2.13";
  private static final Pattern CORE = Pattern.compile("spark-core_([\\d.]+)-(\\d+\\.\\d+).*\\.jar");

  /** Finds the one that the environment names. */
  static SparkHome find(Map<String, String> environment) {
    String name = environment.getOrDefault(VARIABLE, "");
    if (name.isEmpty()) {
      throw new UsageException(
          "--master needs "
              + VARIABLE
              + ": the folder of an unpacked Spark of the cluster's version, whose jars are no part"
              + " of procpool");
    }
    Path home = Path.of(name);
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(home.resolve("jars"), "*.jar")) {
      found.forEach(jars::add);
    } catch (IOException e) {
      throw new UsageException(VARIABLE + " is " + home + ", which has no folder 'jars'", e);
    }
    // Spark's own first: in a build's folder others have classes by the same names.
    jars.sort(Comparator.comparing((Path jar) -> !isCore(jar)).thenComparing(Path::compareTo));
    checkVersion(home, jars);
    String conf = environment.getOrDefault("SPARK_CONF_DIR", home.resolve("conf").toString());
    return new SparkHome(List.copyOf(jars), defaults(Path.of(conf, "spark-defaults.conf")));
  }

  private static void checkVersion(Path home, List<Path> jars) {
    Matcher core =
        jars.stream()
            .map(jar -> CORE.matcher(jar.getFileName().toString()))
            .filter(Matcher::matches)
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        VARIABLE
                            + " is "
                            + home
                            + ", which has no jars/spark-core_*.jar: "
                            + WANTED));
    String version = core.group(2);
    if (!core.group(1).equals("2.13") || !version.equals("3.5") && !version.startsWith("4.")) {
      throw new UsageException(
          VARIABLE
              + " is "
              + home
              + ", which has Spark "
              + version
              + " for Scala "
              + core.group(1)
              + ": "
              + WANTED);
    }
  }

  private static Map<String, String> defaults(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(file + " can't be read: " + e.getMessage(), e);
    }
    Map<String, String> defaults = new LinkedHashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith("spark.")) {
        defaults.put(key, properties.getProperty(key).strip());
      }
    }
    return Map.copyOf(defaults);
  }

  private static boolean isCore(Path jar) {
    return CORE.matcher(jar.getFileName().toString()).matches();
  }

  URL[] urls() {
    return jars.stream().map(SparkHome::url).toArray(URL[]::new);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(jar.toString(), e);
    }
  }
}
