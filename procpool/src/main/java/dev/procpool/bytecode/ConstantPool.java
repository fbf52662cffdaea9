package dev.procpool.bytecode;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The constant pool of a class file: what the class refers to. Immutable once read.
 *
 * <p>After the Java Virtual Machine Specification, 4.4.
 */
public final class ConstantPool {

  /** The tag of such a constant. */
  public static final int UTF8 = 1;

  /** The tag of such a constant. */
  public static final int CLASS = 7;

  /** The tag of such a constant. */
  public static final int FIELD = 9;

  /** The tag of such a constant. */
  public static final int METHOD = 10;

  /** The tag of such a constant. */
  public static final int INTERFACE_METHOD = 11;

  /** The tag of such a constant. */
  public static final int METHOD_HANDLE = 15;

  /** The tag of such a constant. */
  public static final int DYNAMIC = 17;

  /** The tag of such a constant. */
  public static final int INVOKE_DYNAMIC = 18;

  private final byte[] tags;

  /** A constant's first index or number, and its second. */
  private final int[] first;

  private final int[] second;
  private final String[] texts;

  private ConstantPool(int size) {
    tags = new byte[size];
    first = new int[size];
    second = new int[size];
    texts = new String[size];
  }

  /** Reads a pool, from its count on. */
  static ConstantPool read(DataInputStream in) throws IOException {
    ConstantPool pool = new ConstantPool(in.readUnsignedShort());
    for (int i = 1; i < pool.tags.length; i++) {
      pool.tags[i] = in.readByte();
      switch (pool.tags[i]) {
        case UTF8 -> pool.texts[i] = in.readUTF();
        case 3, 4 -> in.readInt();
        case 5, 6 -> {
          in.readLong();
          i++; // takes two places
        }
        case CLASS, 8, 16, 19, 20 -> pool.first[i] = in.readUnsignedShort();
        case METHOD_HANDLE -> {
          pool.first[i] = in.readUnsignedByte();
          pool.second[i] = in.readUnsignedShort();
        }
        case FIELD, METHOD, INTERFACE_METHOD, 12, DYNAMIC, INVOKE_DYNAMIC -> {
          pool.first[i] = in.readUnsignedShort();
          pool.second[i] = in.readUnsignedShort();
        }
        default -> throw new IOException("not a class file: constant of tag " + pool.tags[i]);
      }
    }
    return pool;
  }

  /**
   * Tells what a constant is.
   *
   * @param index its index
   * @return its tag
   */
  public int tag(int index) {
    return tags[index];
  }

  /**
   * Gives a text, or the internal name of a class.
   *
   * @param index the constant's index
   * @return the text
   */
  public String text(int index) {
    return tags[index] == CLASS ? texts[first[index]] : texts[index];
  }

  /**
   * Gives the internal name of the class that a field or method belongs to.
   *
   * @param member the constant's index
   * @return the name
   */
  public String owner(int member) {
    return text(first[member]);
  }

  /**
   * Gives the name of a field or method.
   *
   * @param member the constant's index
   * @return the name
   */
  public String name(int member) {
    return texts[first[second[member]]];
  }

  /**
   * Gives the type of a field or method.
   *
   * @param member the constant's index
   * @return the descriptor
   */
  public String descriptor(int member) {
    return texts[second[second[member]]];
  }

  /**
   * Gives the member that a method handle stands for.
   *
   * @param methodHandle the constant's index
   * @return the member's index
   */
  public int handled(int methodHandle) {
    return second[methodHandle];
  }

  /** The number of the bootstrap method of a dynamic constant or call site. */
  int bootstrap(int dynamic) {
    return first[dynamic];
  }

  /**
   * Gives the internal names of the classes referred to; of arrays, those of the elements.
   *
   * @return the names, in the order of the file
   */
  public Set<String> classNames() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 1; i < tags.length; i++) {
      if (tags[i] == CLASS) {
        String name = element(text(i));
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /**
   * Gives the class of an array's elements.
   *
   * @param name the internal name of any class
   * @return the internal name of the elements' class; nothing for primitives
   */
  public static String element(String name) {
    if (!name.startsWith("[")) {
      return name;
    }
    int from = name.lastIndexOf('[') + 1;
    return name.charAt(from) == 'L' ? name.substring(from + 1, name.length() - 1) : "";
  }
}
