(ns acme.orders
  (:gen-class)
  (:import (dev.procpool.function Action0 Task1)
           (dev.procpool.local ProcessPool)
           (java.util.concurrent ExecutionException)))

(deftype Connection []) ; not serializable
(deftype Settings [] java.io.Serializable)
(defrecord Line [text])

(defn twice [x] (* 2 x))

(defmacro show [name call]
  `(println (str "== " ~name "\n"
                 (try ~call (catch ExecutionException e# (.getMessage (.getCause e#)))
                      (catch Exception e# (str e#))))))

(defn -main [& _]
  (with-open [pool (ProcessPool/create 1)]
    (let [n 10
          connection (Connection.)]
      (show "a fn" (.map pool (fn [x] (inc x)) [1 2]))
      (show "a var" (.map pool #'twice [1 2]))
      (show "a function" (.map pool (partial + 1) [1 2]))
      (show "a reify" (.map pool (reify Task1 (call [_ x] (+ n x))) [1 2]))
      (show "a local" (.map pool (reify Task1 (call [_ x] (hash connection))) [1 2]))
      (show "an argument" (.map pool (reify Task1 (call [_ x] 1)) [[1 connection]]))
      (show "a serializable argument" (.map pool (reify Task1 (call [_ x] 1)) [(Settings.)]))
      (show "an atom" (.map pool (reify Task1 (call [_ x] 1)) [(atom 1)]))
      (show "its value" (.map pool (reify Task1 (call [_ x] x)) [(deref (atom 1))]))
      (show "a record" (= [(->Line "a")] (.map pool (reify Task1 (call [_ x] x)) [(->Line "a")])))
      (show "a function of a namespace" (.map pool (reify Task1 (call [_ x] (twice x))) [1 2]))))
  (with-open [pool (-> (ProcessPool/builder)
                       (.workers 1)
                       (.initializer (reify Action0 (run [_] (require 'acme.orders))))
                       (.build))]
    (show "a function of a namespace that was required"
          (.map pool (reify Task1 (call [_ x] (twice x))) [1 2])))
  (shutdown-agents))
