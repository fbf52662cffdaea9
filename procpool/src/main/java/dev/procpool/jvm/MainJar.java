package dev.procpool.jvm;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest of a program's jar asks of the launcher, which heeds it after {@code -jar} and
 * nowhere else: as options.
 */
final class MainJar {

  /** The first Java that heeds {@code Enable-Native-Access}. */
  private static final int NATIVE_ACCESS = 22;

  private MainJar() {}

  /** Adds the options. */
  static void addOptions(String jar, List<String> options) {
    try (JarFile file = new JarFile(new File(jar))) {
      Manifest manifest = file.getManifest();
      if (manifest != null) {
        addOptions(manifest.getMainAttributes(), options);
      }
    } catch (IOException e) {
      // not there any more: it says nothing then
    }
  }

  static void addOptions(Attributes attributes, List<String> options) {
    addPackages("--add-exports=", attributes.getValue("Add-Exports"), options);
    addPackages("--add-opens=", attributes.getValue("Add-Opens"), options);
    String access = attributes.getValue("Enable-Native-Access");
    if (access != null && Runtime.version().feature() >= NATIVE_ACCESS) {
      options.add("--enable-native-access=" + access.trim());
    }
  }

  /** The launcher passes over what is not there; as an option that would be a warning. */
  private static void addPackages(String option, @Nullable String packages, List<String> options) {
    if (packages == null) {
      return;
    }
    for (String word : OptionWords.parse(packages)) {
      int slash = word.indexOf('/');
      Optional<Module> module =
          slash < 0 ? Optional.empty() : ModuleLayer.boot().findModule(word.substring(0, slash));
      if (module.isPresent() && module.get().getPackages().contains(word.substring(slash + 1))) {
        options.add(option + word + "=ALL-UNNAMED");
      }
    }
  }
}
