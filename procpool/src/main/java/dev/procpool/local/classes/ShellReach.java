package dev.procpool.local.classes;

import dev.procpool.bytecode.ClassFile;
import dev.procpool.bytecode.ConstantPool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a JShell session that a task can get at: found by following its code, method by
 * method, through the classes of the session.
 *
 * <p>JShell keeps each variable in a static field of a class {@code REPL.$JShell$N}, each method as
 * a static one of such a class, and each class nested in one. Owned by one thread.
 */
public final class ShellReach {

  private static final String PREFIX = "REPL/$JShell$";

  private final ClassLoader loader;
  private final Map<String, @Nullable ClassFile> files = new HashMap<>();
  private final Map<String, byte[]> bytes = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Deque<Member> open = new ArrayDeque<>();
  private final Map<String, Field> variables = new LinkedHashMap<>();

  /** A method to look at. */
  private record Member(String owner, String method) {}

  private ShellReach(ClassLoader loader) {
    this.loader = loader;
  }

  /** Tells whether a class was defined in a shell. */
  public static boolean isOfShell(Class<?> type) {
    return type.getName().startsWith("REPL.$JShell$");
  }

  /** Follows a task's code. */
  public static ShellReach of(Object task, ClassLoader loader) {
    ShellReach reach = new ShellReach(loader);
    reach.object(task);
    while (!reach.open.isEmpty()) {
      Member member = reach.open.remove();
      ClassFile file = reach.file(member.owner);
      if (file != null) {
        file.constantsOf(member.method, constant -> reach.constant(file.constants(), constant));
      }
    }
    return reach;
  }

  /** The variables that the task may read, in the order met. */
  Collection<Field> variables() {
    return variables.values();
  }

  /** The class files with the code that the task may run, as they are now, by path. */
  Map<String, byte[]> classFiles() {
    return bytes;
  }

  /** Follows the code of an object that goes along: a lambda's body, a class's methods. */
  private void object(@Nullable Object object) {
    if (object == null || !isOfShell(object.getClass())) {
      return;
    }
    if (object.getClass().isHidden()) {
      SerializedLambda lambda = serialized(object);
      if (lambda != null) {
        method(lambda.getImplClass(), lambda.getImplMethodName() + lambda.getImplMethodSignature());
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
          object(lambda.getCapturedArg(i));
        }
      }
    } else {
      type(object.getClass().getName().replace('.', '/'));
    }
  }

  private static @Nullable SerializedLambda serialized(Object lambda) {
    try {
      Method method = lambda.getClass().getDeclaredMethod("writeReplace");
      method.setAccessible(true);
      return method.invoke(lambda) instanceof SerializedLambda form ? form : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // not serializable: told where it is encoded
    }
  }

  private void constant(ConstantPool constants, int index) {
    switch (constants.tag(index)) {
      case ConstantPool.CLASS -> type(ConstantPool.element(constants.text(index)));
      case ConstantPool.FIELD -> field(constants.owner(index), constants.name(index));
      case ConstantPool.METHOD, ConstantPool.INTERFACE_METHOD -> {
        String owner = ConstantPool.element(constants.owner(index));
        method(owner, constants.name(index) + constants.descriptor(index));
        type(owner);
      }
      case ConstantPool.METHOD_HANDLE -> constant(constants, constants.handled(index));
      default -> {} // a number or a text
    }
  }

  private void method(String owner, String method) {
    if (owner.startsWith(PREFIX) && seen.add(owner + "." + method)) {
      open.add(new Member(owner, method));
    }
  }

  /** Follows all methods of a class that the user wrote: which are called can't be told. */
  private void type(String name) {
    boolean isWrapper = name.indexOf('$', PREFIX.length()) < 0;
    if (!name.startsWith(PREFIX) || isWrapper || !seen.add(name)) {
      return;
    }
    ClassFile file = file(name);
    if (file != null) {
      file.methods().forEach(method -> method(name, method));
      file.constants().classNames().forEach(this::type); // superclasses, nested classes
    }
  }

  private void field(String owner, String name) {
    if (!owner.startsWith(PREFIX) || owner.indexOf('$', PREFIX.length()) >= 0) {
      type(owner);
      return;
    }
    if (variables.containsKey(owner + "." + name)) {
      return;
    }
    try {
      Field field = Class.forName(owner.replace('/', '.'), false, loader).getDeclaredField(name);
      if (Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
        variables.put(owner + "." + name, field);
        if (!field.getType().isPrimitive()) {
          object(field.get(null));
        }
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      // no variable: the worker will say what is wrong with it
    }
  }

  private @Nullable ClassFile file(String name) {
    if (!files.containsKey(name)) {
      ClassFile file = null;
      try (InputStream in = loader.getResourceAsStream(name + ".class")) {
        if (in != null) {
          byte[] content = in.readAllBytes();
          bytes.put(name + ".class", content);
          file = ClassFile.read(content);
        }
      } catch (IOException e) {
        // not to be followed
      }
      files.put(name, file);
    }
    return files.get(name);
  }
}
