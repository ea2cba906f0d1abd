#ifndef CPERFLAB_CLOSURE_H
#define CPERFLAB_CLOSURE_H

/// The two words of a Swift closure. Retains nothing: its owner must make sure that the
/// frame which the closure captures from is still there when it is called.
struct perflab_closure {
  void *function;
  void *context;
};

/// Calls a closure of the Swift type `(borrowing Pair) -> Void`, where `Pair` is a struct of the
/// two pointers `first` and `second`.
///
/// `perflab_closure_capture`, which makes such a value, is declared on the Swift side, for only
/// there can its parameter be a closure:
///
///     @_silgen_name("perflab_closure_capture")
///     func capture(_ body: (borrowing Pair) -> Void, _ out: UnsafeMutablePointer<perflab_closure>)
///
/// Source: Swift's ABI, *Calling Convention*: a function value is passed as two words, code and
/// context; the callee finds its context in the context register.
void perflab_closure_call(const struct perflab_closure *closure, void *first, void *second);

#endif
