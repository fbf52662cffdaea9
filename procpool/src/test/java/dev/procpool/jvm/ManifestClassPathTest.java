package dev.procpool.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manifest of a jar names is on its class path. */
class ManifestClassPathTest {

  @TempDir Path directory;

  private Path jar(String name, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    Path jar = directory.resolve(name);
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.flush();
    }
    return jar;
  }

  @Test
  void whatTheJarsNameThatItNamesToo() throws IOException {
    Path app = jar("app.jar", "lib/a.jar classes/ http://host/x.jar : lib/missing%20one.jar");
    Path a = jar("lib/a.jar", "b.jar ../app.jar");
    Path b = jar("lib/b.jar", "");
    assertThat(ManifestClassPath.of(app))
        .containsExactlyInAnyOrder(
            a, b, directory.resolve("classes"), directory.resolve("lib/missing one.jar"));
  }

  @Test
  void whatIsNoJarNamesNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("broken.jar"), "x");
    assertThat(ManifestClassPath.of(file)).isEmpty();
    assertThat(ManifestClassPath.of(directory)).isEmpty();
    assertThat(ManifestClassPath.of(directory.resolve("missing.jar"))).isEmpty();
  }
}
