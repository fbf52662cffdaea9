package dev.procpool.cli.source;

import dev.procpool.cli.message.UsageException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A project for Maven that has nothing but a source file's dependencies. Stateless. */
final class MavenPom {

  private static final Pattern COORDINATES =
      Pattern.compile(
          "(?<group>[^:@]+):(?<artifact>[^:@]+)(:(?<version>[^:@]+))?(:(?<classifier>[^:@]+))?"
              + "(@(?<type>[^:@]+))?");

  private MavenPom() {}

  static String of(Path source, SourceDirectives directives) {
    StringBuilder managed = new StringBuilder();
    StringBuilder needed = new StringBuilder();
    for (String dependency : directives.dependencies()) {
      Matcher part = COORDINATES.matcher(dependency);
      if (!part.matches() || dependency.contains("//")) {
        throw new UsageException(
            "TARGET: //DEPS of "
                + source
                + ": '"
                + dependency
                + "' is not of the form group:artifact:version[:classifier][@type]");
      }
      boolean bom = "pom".equals(part.group("type"));
      (bom ? managed : needed)
          .append("<dependency>")
          .append(element("groupId", part.group("group")))
          .append(element("artifactId", part.group("artifact")))
          .append(element("version", part.group("version")))
          .append(element("classifier", part.group("classifier")))
          .append(element("type", part.group("type")))
          .append(bom ? element("scope", "import") : "")
          .append("</dependency>\n");
    }
    StringBuilder repositories = new StringBuilder();
    for (String repository : directives.repositories()) {
      int equals = repository.indexOf('=');
      String url = repository.substring(equals + 1);
      if (url.contains("://")) { // a name alone is one that Maven's settings know
        repositories
            .append("<repository>")
            .append(
                element(
                    "id",
                    equals < 0
                        ? "r" + Integer.toHexString(url.hashCode())
                        : repository.substring(0, equals)))
            .append(element("url", url))
            .append("</repository>\n");
      }
    }
    return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n"
        + "<modelVersion>4.0.0</modelVersion>\n"
        + "<groupId>local</groupId><artifactId>source</artifactId><version>1</version>"
        + "<packaging>pom</packaging>\n"
        + "<repositories>\n"
        + repositories
        + "</repositories>\n"
        + "<dependencyManagement><dependencies>\n"
        + managed
        + "</dependencies></dependencyManagement>\n"
        + "<dependencies>\n"
        + needed
        + "</dependencies>\n"
        + "</project>\n";
  }

  private static String element(String name, @Nullable String text) {
    if (text == null) {
      return "";
    }
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "<" + name + ">" + escaped + "</" + name + ">";
  }
}
