// Of the running JDK:  bin/procpool map examples/jobs/JvmHazards.java::scan --files 'jrt:/*/' --table
// Of your own jars:    bin/procpool map examples/jobs/JvmHazards.java::scan --files 'lib/**/*.jar' --table

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What in this code can take down the JVM that runs it? Reads every class of a jar, or of a
 * directory such as a JDK module, and counts native methods, users of Unsafe, methods too long for
 * the JIT compiler, and names the classes that call System.exit or Runtime.halt.
 */
public class JvmHazards {

  /** HotSpot does not compile longer methods (-XX:+DontCompileHugeMethods): they stay slow. */
  private static final int JIT_LIMIT = 8000;

  /** One line of the report. */
  public record Hazards(
      String name,
      int classes,
      int methods,
      int natives,
      int unsafe,
      int tooLong,
      int exits,
      List<String> exitCallers) {}

  private final String name;
  private int classes;
  private int methods;
  private int natives;
  private int unsafe;
  private int tooLong;
  private final TreeSet<String> exitCallers = new TreeSet<>();

  private JvmHazards(String name) {
    this.name = name;
  }

  /** Scans a jar or a directory. */
  public static Hazards scan(Path code) throws IOException {
    JvmHazards found = new JvmHazards(code.getFileName().toString());
    if (Files.isDirectory(code)) {
      found.scanTree(code);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(code)) {
        found.scanTree(jar.getPath("/"));
      }
    }
    return new Hazards(
        found.name,
        found.classes,
        found.methods,
        found.natives,
        found.unsafe,
        found.tooLong,
        found.exitCallers.size(),
        new ArrayList<>(found.exitCallers));
  }

  private void scanTree(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      scanClass(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
  }

  /** Walks one class file as chapter 4 of the Java Virtual Machine Specification lays it out. */
  private void scanClass(DataInputStream in) throws IOException {
    in.skipBytes(8); // magic, version
    Constants constants = new Constants(in);
    in.skipBytes(2); // access flags
    String self = constants.className(in.readUnsignedShort());
    in.skipBytes(2); // superclass
    in.skipBytes(2 * in.readUnsignedShort()); // interfaces
    classes++;
    if (constants.calls(self, "jdk/internal/misc/Unsafe", "sun/misc/Unsafe")) {
      unsafe++;
    }
    if (constants.callsExit(self)) {
      exitCallers.add(self.substring(self.lastIndexOf('/') + 1).replaceFirst("\\$.*", ""));
    }
    scanMembers(in, constants, false);
    scanMembers(in, constants, true);
  }

  private void scanMembers(DataInputStream in, Constants constants, boolean areMethods)
      throws IOException {
    for (int member = in.readUnsignedShort(); member > 0; member--) {
      boolean isNative = (in.readUnsignedShort() & 0x0100) != 0;
      in.skipBytes(4); // name, descriptor
      methods += areMethods ? 1 : 0;
      natives += areMethods && isNative ? 1 : 0;
      for (int attribute = in.readUnsignedShort(); attribute > 0; attribute--) {
        String attributeName = constants.text(in.readUnsignedShort());
        int length = in.readInt();
        if (attributeName.equals("Code")) {
          in.skipBytes(4); // stack, locals
          tooLong += in.readInt() > JIT_LIMIT ? 1 : 0;
          in.skipBytes(length - 8);
        } else {
          in.skipBytes(length);
        }
      }
    }
  }

  /** The constant pool of a class. */
  private static final class Constants {
    private final int[] tags;
    private final int[] first;
    private final int[] second;
    private final String[] texts;

    Constants(DataInputStream in) throws IOException {
      int size = in.readUnsignedShort();
      tags = new int[size];
      first = new int[size];
      second = new int[size];
      texts = new String[size];
      for (int i = 1; i < size; i++) {
        tags[i] = in.readUnsignedByte();
        switch (tags[i]) {
          case 1 -> texts[i] = in.readUTF();
          case 3, 4 -> in.skipBytes(4); // int, float
          case 5, 6 -> {
            in.skipBytes(8); // long, double: two entries
            i++;
          }
          case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
          case 9, 10, 11, 12, 17, 18 -> {
            first[i] = in.readUnsignedShort();
            second[i] = in.readUnsignedShort();
          }
          case 15 -> in.skipBytes(3); // method handle
          default -> throw new IOException("not a class file: constant of kind " + tags[i]);
        }
      }
    }

    String text(int index) {
      return texts[index];
    }

    String className(int index) {
      return texts[first[index]];
    }

    boolean callsExit(String self) {
      for (int i = 1; i < tags.length; i++) {
        if (tags[i] == 10) {
          String owner = className(first[i]);
          String called = texts[first[second[i]]];
          boolean ends =
              owner.equals("java/lang/System") && called.equals("exit")
                  || owner.equals("java/lang/Runtime")
                      && (called.equals("exit") || called.equals("halt"));
          if (ends && !owner.equals(self)) {
            return true;
          }
        }
      }
      return false;
    }

    boolean calls(String self, String... owners) {
      for (int i = 1; i < tags.length; i++) {
        if (tags[i] == 10) {
          String owner = className(first[i]);
          for (String wanted : owners) {
            if (owner.equals(wanted) && !owner.equals(self)) {
              return true;
            }
          }
        }
      }
      return false;
    }
  }
}
