package dev.procpool.bytecode;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A class file read as far as its references: which classes it names, and which constants each
 * method uses. Immutable once read.
 *
 * <p>After the Java Virtual Machine Specification, chapters 4 and 6.
 */
public final class ClassFile {

  private static final int MAGIC = 0xCAFEBABE;
  private static final int LDC = 18;
  private static final int TABLE_SWITCH = 170;
  private static final int LOOKUP_SWITCH = 171;
  private static final int WIDE = 196;
  private static final int IINC = 132;

  /** The bytes of operands of each instruction, but for the three that differ. */
  private static final int[] OPERANDS = new int[202];

  static {
    operands(1, 16, 18, 21, 22, 23, 24, 25, 54, 55, 56, 57, 58, 169, 188);
    operands(2, 17, 19, 20, 132, 187, 189, 192, 193, 198, 199);
    for (int jump = 153; jump <= 168; jump++) {
      operands(2, jump);
    }
    for (int member = 178; member <= 184; member++) {
      operands(2, member);
    }
    operands(3, 197);
    operands(4, 185, 186, 200, 201);
  }

  private static void operands(int bytes, int... instructions) {
    for (int instruction : instructions) {
      OPERANDS[instruction] = bytes;
    }
  }

  private final ConstantPool constants;

  /** By name and descriptor. */
  private final Map<String, byte[]> code = new HashMap<>();

  /** By name and descriptor, then by slot: the names of parameters, if the compiler kept them. */
  private final Map<String, Map<Integer, String>> variables = new HashMap<>();

  private final List<int[]> bootstraps = new ArrayList<>();

  private ClassFile(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("not a class file");
    }
    in.skipNBytes(4); // version
    constants = ConstantPool.read(in);
    in.skipNBytes(6); // access, this, super
    in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
    for (int fields = in.readUnsignedShort(); fields > 0; fields--) {
      in.skipNBytes(6);
      skipAttributes(in);
    }
    for (int methods = in.readUnsignedShort(); methods > 0; methods--) {
      in.skipNBytes(2);
      String name = constants.text(in.readUnsignedShort());
      String descriptor = constants.text(in.readUnsignedShort());
      readMethod(name + descriptor, in);
    }
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String attribute = constants.text(in.readUnsignedShort());
      long length = Integer.toUnsignedLong(in.readInt());
      if (attribute.equals("BootstrapMethods")) {
        readBootstraps(in);
      } else {
        in.skipNBytes(length);
      }
    }
  }

  /**
   * Reads a class file.
   *
   * @param bytes the file's content
   * @return what it refers to
   * @throws IOException if the bytes are none
   */
  public static ClassFile read(byte[] bytes) throws IOException {
    try {
      return new ClassFile(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (RuntimeException e) {
      throw new IOException("not a class file: " + e, e);
    }
  }

  private static void skipAttributes(DataInputStream in) throws IOException {
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      in.skipNBytes(2);
      in.skipNBytes(Integer.toUnsignedLong(in.readInt()));
    }
  }

  private void readMethod(String method, DataInputStream in) throws IOException {
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String attribute = constants.text(in.readUnsignedShort());
      byte[] content = in.readNBytes(in.readInt());
      if (attribute.equals("Code")) {
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(content));
        body.skipNBytes(4); // stack and variables
        code.put(method, body.readNBytes(body.readInt()));
        body.skipNBytes(8L * body.readUnsignedShort()); // handlers of exceptions
        readVariables(method, body);
      }
    }
  }

  private void readVariables(String method, DataInputStream in) throws IOException {
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String attribute = constants.text(in.readUnsignedShort());
      long length = Integer.toUnsignedLong(in.readInt());
      if (!attribute.equals("LocalVariableTable")) {
        in.skipNBytes(length);
        continue;
      }
      Map<Integer, String> names = variables.computeIfAbsent(method, key -> new HashMap<>());
      for (int count = in.readUnsignedShort(); count > 0; count--) {
        int from = in.readUnsignedShort();
        in.skipNBytes(2);
        String name = constants.text(in.readUnsignedShort());
        in.skipNBytes(2);
        int slot = in.readUnsignedShort();
        if (from == 0) { // a parameter
          names.put(slot, name);
        }
      }
    }
  }

  private void readBootstraps(DataInputStream in) throws IOException {
    for (int count = in.readUnsignedShort(); count > 0; count--) {
      in.skipNBytes(2);
      int[] arguments = new int[in.readUnsignedShort()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = in.readUnsignedShort();
      }
      bootstraps.add(arguments);
    }
  }

  /**
   * Gives its constants.
   *
   * @return the constants
   */
  public ConstantPool constants() {
    return constants;
  }

  /**
   * Gives the methods that have code.
   *
   * @return their names, each with the descriptor appended
   */
  public Set<String> methods() {
    return code.keySet();
  }

  /**
   * Tells the constants that a method uses, those of its lambdas' handles among them.
   *
   * @param method its name and descriptor
   * @param each told of each constant's index
   */
  public void constantsOf(String method, IntConsumer each) {
    byte[] body = code.get(method);
    if (body == null) {
      return;
    }
    for (int at = 0; at < body.length; at = next(body, at)) {
      int instruction = body[at] & 0xff;
      int constant = 0;
      if (instruction == LDC) {
        constant = body[at + 1] & 0xff;
      } else if (instruction == 19
          || instruction == 20
          || instruction >= 178 && instruction <= 187
          || instruction == 189
          || instruction == 192
          || instruction == 193
          || instruction == 197) {
        constant = (body[at + 1] & 0xff) << 8 | body[at + 2] & 0xff;
      }
      if (constant > 0) {
        each.accept(constant);
        int tag = constants.tag(constant);
        if (tag == ConstantPool.INVOKE_DYNAMIC || tag == ConstantPool.DYNAMIC) {
          for (int argument : bootstraps.get(constants.bootstrap(constant))) {
            each.accept(argument);
          }
        }
      }
    }
  }

  /**
   * Gives the name of a method's parameter.
   *
   * @param method the method's name and descriptor
   * @param slot how many slots its variables before take, {@code this} among them
   * @return the name; null if the compiler did not keep it
   */
  public @Nullable String parameter(String method, int slot) {
    return variables.getOrDefault(method, Map.of()).get(slot);
  }

  private static int next(byte[] body, int at) {
    int instruction = body[at] & 0xff;
    int aligned = (at & ~3) + 4;
    return switch (instruction) {
      case TABLE_SWITCH ->
          aligned + 12 + 4 * (readInt(body, aligned + 8) - readInt(body, aligned + 4) + 1);
      case LOOKUP_SWITCH -> aligned + 8 + 8 * readInt(body, aligned + 4);
      case WIDE -> at + ((body[at + 1] & 0xff) == IINC ? 6 : 4);
      default -> at + 1 + OPERANDS[instruction];
    };
  }

  private static int readInt(byte[] body, int at) {
    return (body[at] & 0xff) << 24
        | (body[at + 1] & 0xff) << 16
        | (body[at + 2] & 0xff) << 8
        | body[at + 3] & 0xff;
  }
}
