// TensorFlow's C interface for operations, in a few words.
#pragma once

#include <initializer_list>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace dpruner {

// An input of the running kernel. Its memory may be written: the kernels that do so say it.
class Input {
 public:
  Input(TF_OpKernelContext* context, int index) {
    TF_Status* status = TF_NewStatus();
    TF_GetInput(context, index, &tensor_, status);
    TF_DeleteStatus(status);
  }
  Input(Input&& other) noexcept : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Input(const Input&) = delete;
  ~Input() { TF_DeleteTensor(tensor_); }
  template <typename T = float>
  T* data() const { return static_cast<T*>(TF_TensorData(tensor_)); }
  int64_t dim(int axis) const { return TF_Dim(tensor_, axis); }
  int64_t last() const { return TF_Dim(tensor_, TF_NumDims(tensor_) - 1); }
  int64_t size() const { return TF_TensorElementCount(tensor_); }

 private:
  TF_Tensor* tensor_ = nullptr;
};

// An output of the running kernel, of numbers of four bytes. Null data: the memory could not be had, and TensorFlow reports it.
class Output {
 public:
  Output(TF_OpKernelContext* context, int index, std::initializer_list<int64_t> shape, TF_DataType type = TF_FLOAT) {
    TF_Status* status = TF_NewStatus();
    size_t bytes = 4;
    for (int64_t dim : shape) bytes *= dim;
    tensor_ = TF_AllocateOutput(context, index, type, shape.begin(), static_cast<int>(shape.size()), bytes, status);
    if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
    TF_DeleteStatus(status);
  }
  Output(const Output&) = delete;
  ~Output() { if (tensor_) TF_DeleteTensor(tensor_); }
  template <typename T = float>
  T* data() const { return tensor_ ? static_cast<T*>(TF_TensorData(tensor_)) : nullptr; }

 private:
  TF_Tensor* tensor_ = nullptr;
};

// Refuses a call whose tensors do not fit together; it would read or write outside of them.
inline bool fits(TF_OpKernelContext* context, bool condition, const char* what) {
  if (condition) return true;
  TF_Status* status = TF_NewStatus();
  TF_SetStatus(status, TF_INVALID_ARGUMENT, what);
  TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
  return false;
}

inline int64_t int_attribute(TF_OpKernelConstruction* construction, const char* name) {
  TF_Status* status = TF_NewStatus();
  int64_t value = 0;
  TF_OpKernelConstruction_GetAttrInt64(construction, name, &value, status);
  TF_DeleteStatus(status);
  return value;
}

inline float float_attribute(TF_OpKernelConstruction* construction, const char* name) {
  TF_Status* status = TF_NewStatus();
  float value = 0;
  TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
  TF_DeleteStatus(status);
  return value;
}

struct Signature {
  const char* name;
  std::initializer_list<const char*> attributes;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
};

// Registers an operation and its CPU kernel. `Kernel` is made from a TF_OpKernelConstruction* and has compute(TF_OpKernelContext*).
template <typename Kernel>
bool register_kernel(const Signature& signature) {
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(signature.name);
  for (const char* attribute : signature.attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : signature.inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : signature.outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  TF_OpDefinitionBuilderSetIsStateful(op, true);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* builder = TF_NewKernelBuilder(
        signature.name, "CPU", [](TF_OpKernelConstruction* c) -> void* { return new Kernel(c); },
        [](void* kernel, TF_OpKernelContext* context) { static_cast<Kernel*>(kernel)->compute(context); },
        [](void* kernel) { delete static_cast<Kernel*>(kernel); });
    TF_RegisterKernelBuilder(signature.name, builder, status);
  }
  const bool registered = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return registered;
}

}  // namespace dpruner
