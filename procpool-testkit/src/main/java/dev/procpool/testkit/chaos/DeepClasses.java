package dev.procpool.testkit.chaos;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar of classes each of which extends the next. On the boot class path the JVM loads the first
 * by native recursion, which overflows the native stack: a stack overflow outside of Java code by
 * means of the JDK alone.
 */
final class DeepClasses {

  private static final String FIRST = "dev.procpool.deep.C0";
  private static final String PREFIX = "dev/procpool/deep/C";
  private static final int DEPTH = 2000;

  private DeepClasses() {}

  /** Writes the jar, for {@code -Xbootclasspath/a:}. */
  static void write(Path jar) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setMethod(ZipOutputStream.STORED);
      for (int i = 0; i < DEPTH; i++) {
        byte[] code = code(PREFIX + i, i + 1 == DEPTH ? "java/lang/Object" : PREFIX + (i + 1));
        CRC32 crc = new CRC32();
        crc.update(code);
        ZipEntry entry = new ZipEntry(PREFIX + i + ".class");
        entry.setSize(code.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(code);
        zip.closeEntry();
      }
    }
  }

  /** Overflows the native stack of a process that has the jar: does not return. */
  static void load() throws ClassNotFoundException {
    Class.forName(FIRST, false, null);
  }

  /** An abstract class without members, as the class file format of Java 8 has it. */
  private static byte[] code(String name, String superName) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0xCAFEBABE);
      out.writeShort(0); // minor version
      out.writeShort(52); // major version: Java 8
      out.writeShort(5); // one more than the constants
      out.writeByte(7); // 1: a class, named by constant 2
      out.writeShort(2);
      out.writeByte(1);
      out.writeUTF(name);
      out.writeByte(7); // 3: a class, named by constant 4
      out.writeShort(4);
      out.writeByte(1);
      out.writeUTF(superName);
      out.writeShort(0x0421); // public, super, abstract
      out.writeShort(1); // this class
      out.writeShort(3); // its superclass
      out.writeLong(0); // no interfaces, fields, methods, attributes
    }
    return bytes.toByteArray();
  }
}
