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

  private static final String SYNTHETIC = "lambda$";

  /** How the name of the object begins that a method reference calls. */
  static final String BOUND = "the object that ";

  private LambdaText() {}

  /** Names it: "the lambda in com.acme.Main.run", "the method reference com.acme.Main::price". */
  static String of(SerializedLambda lambda) {
    String method = lambda.getImplMethodName();
    if (!method.startsWith(SYNTHETIC)) {
      return "the method reference " + binaryName(lambda.getImplClass()) + "::" + method;
    }
    int end = method.indexOf('$', SYNTHETIC.length());
    String enclosing = end < 0 ? "" : method.substring(SYNTHETIC.length(), end);
    String where =
        switch (enclosing) {
          case "", "static" -> "";
          case "new" -> "'s constructor";
          default -> "." + enclosing;
        };
    return "the lambda in " + binaryName(lambda.getImplClass()) + where;
  }

  /** Tells whether a captured value is the object that the lambda stands in. */
  static boolean isThis(SerializedLambda lambda, int index) {
    return index == 0
        && lambda.getImplMethodName().startsWith(SYNTHETIC)
        && lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
  }

  /** Names a captured value, by its number if the compiler did not keep its name. */
  static String captured(SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    if (isThis(lambda, index)) {
      return "'this' of " + of(lambda);
    } else if (!lambda.getImplMethodName().startsWith(SYNTHETIC)) {
      return BOUND + of(lambda) + " is bound to";
    }
    boolean hasThis = isThis(lambda, 0);
    String name = variable(lambda, index, loader);
    return "captured variable "
        + (name == null ? "#" + (hasThis ? index : index + 1) : "'" + name + "'")
        + " of "
        + of(lambda);
  }

  private static @Nullable String variable(
      SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    ClassFile file = file(lambda, loader);
    if (file == null) {
      return null;
    }
    boolean hasThis = isThis(lambda, 0);
    int slot = hasThis ? 1 : 0;
    int at = 1; // after the descriptor's parenthesis
    String descriptor = lambda.getImplMethodSignature();
    for (int i = hasThis ? 1 : 0; i < index; i++) {
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
