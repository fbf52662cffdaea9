package acme

import dev.procpool.Pool
import dev.procpool.function.Task1
import dev.procpool.local.ProcessPool
import groovy.transform.CompileStatic
import java.util.concurrent.ExecutionException
import java.util.function.Function

class Connection {} // not serializable

class Orders {
  int rate = 3
  def items = [1, 2]

  def priced(x) { x * rate }

  static twice(x) { x * 2 }

  def 'a field'(Pool pool) { pool.map({ x -> x * rate }, items) }

  def 'a field, copied'(Pool pool) {
    def rate = this.rate
    pool.map({ x -> x * rate }.dehydrate(), items)
  }

  def 'a method'(Pool pool) { pool.map({ x -> priced(x) }, items) }

  def 'a static method'(Pool pool) { pool.map({ x -> Orders.twice(x) }.dehydrate(), items) }

  def 'a reference to a method'(Pool pool) { pool.map(this.&priced, items) }

  def 'a reference to a static method'(Pool pool) { pool.map(Orders::twice, items) }

  def 'a variable'(Pool pool) {
    def connection = new Connection()
    pool.map({ x -> x + connection.hashCode() }.dehydrate(), items)
  }

  def 'an anonymous class'(Pool pool) { pool.map(new Task1() { def call(x) { x * rate } }, items) }

  class Inner implements Task1 { def call(x) { x * rate } }

  def 'an inner class'(Pool pool) { pool.map(new Inner(), items) }

  static class Nested implements Task1 { int rate; def call(x) { x * rate } }

  def 'a static class'(Pool pool) { pool.map(new Nested(rate: rate), items) }

  def 'a field of an argument'(Pool pool) { pool.map(new Nested(rate: rate), [new Holder()]) }

  def 'a class as result'(Pool pool) { pool.map(new Connecting(), items) }

  static 'in a static method'(Pool pool) { pool.map({ x -> x + 1 }, [1, 2]) }
}

class Holder implements Serializable { Connection connection = new Connection() }

class Connecting implements Task1 { def call(x) { new Connection() } }

interface SerializableFunction<T, R> extends java.util.function.Function<T, R>, Serializable {}

@CompileStatic
class Typed {
  int rate = 3
  List<Integer> items = [1, 2]

  static Integer twice(Integer x) { x * 2 }

  def 'a lambda with a field'(Pool pool) { pool.map((Integer x) -> x * rate, items) }

  def 'a lambda with a field, copied'(Pool pool) {
    int rate = this.rate
    pool.map((Integer x) -> x * rate, items)
  }

  def 'a lambda with a static method'(Pool pool) { pool.map((Integer x) -> twice(x), items) }

  def 'a lambda with a static method of a class'(Pool pool) { pool.map((Integer x) -> Typed.twice(x), items) }

  def 'a typed reference'(Pool pool) { pool.map(Typed::twice, items) }

  def 'a lambda with a variable'(Pool pool) {
    Connection connection = new Connection()
    pool.map((Integer x) -> x + connection.hashCode(), items)
  }

  def 'a lambda with a function'(Pool pool) {
    Function<Integer, Integer> function = (Integer x) -> x + 1
    pool.map((Integer x) -> function.apply(x), items)
  }

  def 'a lambda with a serializable function'(Pool pool) {
    SerializableFunction<Integer, Integer> function = (Integer x) -> x + 1
    pool.map((Integer x) -> function.apply(x), items)
  }
}

class Main {
  static void main(String[] args) {
    ProcessPool.create(1).withCloseable { pool ->
      for (object in [new Orders(), new Typed()]) {
        object.class.declaredMethods*.name.findAll { it.contains(' ') }.toSorted().each { name ->
          def shown
          try { shown = object."$name"(pool) } catch (ExecutionException e) { shown = e.cause.message }
          println "== $name\n$shown"
        }
      }
    }
  }
}
