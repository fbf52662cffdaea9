package dev.procpool.codec;

import dev.procpool.bytecode.ClassFile;
import dev.procpool.bytecode.ConstantPool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How messages call a lambda or a method reference, after where it stands in the source. */
final class LambdaText {

  /** How the name of the object begins that a method reference calls. */
  static final String BOUND = "the object that ";

  /** How compilers name the methods that they make of lambdas; in the group, where it stands. */
  private enum Compiler {
    JAVA("", "lambda$"),
    KOTLIN("$lambda$", ""),
    SCALA_2("", "$anonfun$"),
    SCALA_3("$$anonfun$", "");

    private final String after;
    private final String before;

    Compiler(String after, String before) {
      this.after = after;
      this.before = before;
    }

    /** The compiler that made the method; null if somebody wrote it. */
    static @Nullable Compiler of(String method) {
      for (Compiler compiler : values()) {
        if (compiler.before.isEmpty()
            ? method.contains(compiler.after)
            : method.startsWith(compiler.before)) {
          return compiler;
        }
      }
      return null;
    }

    /** Names the method that the lambda stands in; empty if that is not known. */
    String enclosing(String method) {
      if (before.isEmpty()) {
        return method.substring(0, method.indexOf(after));
      }
      int end = method.indexOf('$', before.length());
      return end < 0 ? "" : method.substring(before.length(), end);
    }
  }

  private LambdaText() {}

  /** Names it: "the lambda in com.acme.Main.run", "the method reference com.acme.Main::price". */
  static String of(SerializedLambda lambda) {
    String method = lambda.getImplMethodName();
    String type = binaryName(lambda.getImplClass());
    Compiler compiler = Compiler.of(method);
    if (compiler == null) {
      return "the method reference " + type + "::" + method;
    }
    String enclosing = compiler.enclosing(method);
    String where =
        switch (enclosing) {
          case "", "static" -> "";
          case "new", "_init_" -> "'s constructor";
          default -> "." + enclosing;
        };
    return "the lambda in " + type + where;
  }

  /** Tells whether a captured value is the object that the lambda stands in. */
  static boolean isThis(SerializedLambda lambda, int index) {
    Compiler compiler = Compiler.of(lambda.getImplMethodName());
    if (index != 0 || compiler == null) {
      return false;
    }
    if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
      return true;
    }
    return compiler != Compiler.JAVA // which alone makes no static method that gets the object
        && lambda.getImplMethodSignature().startsWith("(L" + lambda.getImplClass() + ";");
  }

  /** What to do about a lambda that uses the object it stands in. */
  static String withoutThis(SerializedLambda lambda, @Nullable String use) {
    Compiler compiler = Compiler.of(lambda.getImplMethodName());
    if (compiler == Compiler.KOTLIN) {
      return "copy what is needed of it into a local val and use that, or move the function to the"
          + " top level";
    } else if (compiler == Compiler.SCALA_2 || compiler == Compiler.SCALA_3) {
      return "copy what is needed of it into a local val and use that, or move the method to an"
          + " object";
    }
    return use == null || use.contains("field")
        ? "copy the field into a local variable and use that"
        : "make the method static";
  }

  /** What to do about a captured lambda that is not serializable. */
  static String serializable(Class<?> type) {
    Class<?>[] interfaces = type.getInterfaces();
    String name = interfaces.length == 0 ? "Runnable" : interfaces[0].getSimpleName();
    if (interfaces.length > 0 && interfaces[0].getName().startsWith("kotlin.")) {
      return "write it where the task is expected, as in pool.map({ x: Int -> x + 1 }, list), or"
          + " write @JvmSerializableLambda before its brace";
    }
    return "give it a type that extends java.io.Serializable, as Task1 does, or cast it: ("
        + name
        + " & java.io.Serializable)";
  }

  /** Names a captured value, by its number if the compiler did not keep its name. */
  static String captured(SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    if (isThis(lambda, index)) {
      return "'this' of " + of(lambda);
    } else if (Compiler.of(lambda.getImplMethodName()) == null) {
      return BOUND + of(lambda) + " is bound to";
    }
    boolean hasThis = isThis(lambda, 0);
    String name = variable(lambda, index, loader);
    return "captured variable "
        + (name == null ? "#" + (hasThis ? index : index + 1) : "'" + inSource(name) + "'")
        + " of "
        + of(lambda);
  }

  /** Scala and Kotlin number what is captured: "connection$1", "$connection". */
  private static String inSource(String name) {
    String cut = name.startsWith("$") ? name.substring(1) : name;
    int end = cut.indexOf('$');
    return end > 0 ? cut.substring(0, end) : cut;
  }

  private static @Nullable String variable(
      SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    ClassFile file = file(lambda, loader);
    if (file == null) {
      return null;
    }
    // what an instance method gets first is in no descriptor
    boolean isBound = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    int slot = isBound ? 1 : 0;
    int at = 1; // after the descriptor's parenthesis
    String descriptor = lambda.getImplMethodSignature();
    for (int i = isBound ? 1 : 0; i < index; i++) {
      char kind = descriptor.charAt(at);
      slot += kind == 'J' || kind == 'D' ? 2 : 1;
      while (descriptor.charAt(at) == '[') {
        at++;
      }
      at = descriptor.charAt(at) == 'L' ? descriptor.indexOf(';', at) + 1 : at + 1;
    }
    return file.parameter(lambda.getImplMethodName() + descriptor, slot);
  }

  /**
   * Tells what of 'this' a lambda uses: "its field 'rate'", "its method price()"; null if that
   * can't be found out.
   */
  static @Nullable String useOfThis(SerializedLambda lambda, @Nullable ClassLoader loader) {
    ClassFile file = file(lambda, loader);
    if (file == null) {
      return null;
    }
    ConstantPool constants = file.constants();
    Set<String> uses = new LinkedHashSet<>();
    file.constantsOf(
        lambda.getImplMethodName() + lambda.getImplMethodSignature(),
        index -> {
          int tag = constants.tag(index);
          if (tag == ConstantPool.FIELD && constants.owner(index).equals(lambda.getImplClass())) {
            uses.add("its field '" + constants.name(index) + "'");
          } else if (tag == ConstantPool.METHOD
              && constants.owner(index).equals(lambda.getImplClass())
              && !constants.name(index).startsWith("<")) {
            uses.add("its method " + constants.name(index) + "()");
          }
        });
    return uses.isEmpty() ? null : String.join(" and ", uses);
  }

  private static @Nullable ClassFile file(SerializedLambda lambda, @Nullable ClassLoader loader) {
    String path = lambda.getImplClass() + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(path)
            : loader.getResourceAsStream(path)) {
      return in == null ? null : ClassFile.read(in.readAllBytes());
    } catch (IOException | RuntimeException e) {
      return null; // the message has to do without
    }
  }

  /** Tells whether a class was spun for a lambda or a method reference. */
  static boolean isLambda(Class<?> type) {
    return type.isSynthetic() && type.getName().contains("$$Lambda");
  }

  private static String binaryName(String internalName) {
    return internalName.replace('/', '.');
  }
}
