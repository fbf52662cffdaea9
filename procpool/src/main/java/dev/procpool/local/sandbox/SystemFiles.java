package dev.procpool.local.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What programs need of a Linux system, whoever's they are: its libraries, fonts, time zones,
 * locales, certificates and names. No program, nothing of a user's, and no configuration that may
 * have a secret in it.
 */
public final class SystemFiles {

  private static final List<Path> ALWAYS =
      List.of(
          Path.of("/lib"),
          Path.of("/lib32"),
          Path.of("/lib64"),
          Path.of("/usr/lib"),
          Path.of("/usr/lib32"),
          Path.of("/usr/lib64"),
          Path.of("/usr/local/lib"),
          Path.of("/nix/store"),
          Path.of("/gnu/store"),
          Path.of("/usr/share/fonts"),
          Path.of("/usr/local/share/fonts"),
          Path.of("/usr/share/fontconfig"),
          Path.of("/usr/share/zoneinfo"),
          Path.of("/usr/share/locale"),
          Path.of("/usr/share/ca-certificates"),
          Path.of("/usr/share/pki"),
          Path.of("/var/cache/fontconfig"),
          Path.of("/etc/ld.so.cache"),
          Path.of("/etc/ld-musl-x86_64.path"),
          Path.of("/etc/ld-musl-aarch64.path"),
          Path.of("/etc/alternatives"),
          Path.of("/etc/passwd"),
          Path.of("/etc/group"),
          Path.of("/etc/nsswitch.conf"),
          Path.of("/etc/hosts"), // this machine's own name, too
          Path.of("/etc/host.conf"),
          Path.of("/etc/localtime"),
          Path.of("/etc/timezone"),
          Path.of("/etc/locale.alias"),
          Path.of("/etc/locale.conf"),
          Path.of("/etc/os-release"),
          Path.of("/etc/mime.types"),
          Path.of("/etc/fonts"),
          Path.of("/etc/ssl/certs"),
          Path.of("/etc/ssl/openssl.cnf"),
          Path.of("/etc/pki/ca-trust/extracted"),
          Path.of("/etc/pki/tls/certs"),
          Path.of("/etc/crypto-policies"));

  /** What names on the network are looked up by. */
  private static final List<Path> NETWORK =
      List.of(
          Path.of("/etc/resolv.conf"),
          Path.of("/etc/gai.conf"),
          Path.of("/etc/services"),
          Path.of("/etc/protocols"));

  private static final Path CONFIGURATION = Path.of("/etc");

  /** Where a JDK is that the system's package manager installed, its configuration is here. */
  private static final String OF_JAVA = "java";

  private static final List<String> FOLDERS_WITH_LINKS = List.of("bin", "conf", "lib");

  /** By the JDK's directory: it does not change while this program runs. */
  private static final Map<Path, List<Path>> OF_JDKS = new ConcurrentHashMap<>();

  private SystemFiles() {}

  /** Paths to be shown; not all are there on each system. */
  public static List<Path> all(boolean hasNetwork) {
    List<Path> all = new ArrayList<>(ALWAYS);
    if (hasNetwork) {
      all.addAll(NETWORK);
    }
    return all;
  }

  /** Where the links in a JDK lead that lead out of it. */
  static List<Path> linkedFrom(Path javaHome) {
    return OF_JDKS.computeIfAbsent(javaHome, SystemFiles::find);
  }

  private static List<Path> find(Path javaHome) {
    Set<Path> found = new LinkedHashSet<>();
    try {
      Path home = javaHome.toRealPath();
      for (String folder : FOLDERS_WITH_LINKS) {
        collect(home.resolve(folder), home, found);
      }
    } catch (IOException e) {
      // no JVM will start from it: the launch says so
    }
    return List.copyOf(found);
  }

  private static void collect(Path folder, Path home, Set<Path> found) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink() && Files.exists(file)) {
              Path named = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
              if (!named.startsWith(home)) {
                found.add(
                    isConfiguration(named) ? home.getRoot().resolve(named.subpath(0, 2)) : named);
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean isConfiguration(Path path) {
    return path.startsWith(CONFIGURATION)
        && path.getNameCount() > 2
        && path.getName(1).toString().startsWith(OF_JAVA);
  }
}
