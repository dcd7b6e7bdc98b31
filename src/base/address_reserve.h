// Address space kept for hard times: what a process under `ulimit -v` gives back when the system refuses memory, so
// that there is some for what has to be said. Nobody touches it, so it costs no memory. Floor 0.

#ifndef VESTIGE_BASE_ADDRESS_RESERVE_H_
#define VESTIGE_BASE_ADDRESS_RESERVE_H_

#include <cstddef>

namespace vestige::base {

class AddressReserve {
 public:
  // Holds nothing where the system refuses even this.
  explicit AddressReserve(size_t bytes);
  ~AddressReserve() { GiveBack(); }
  AddressReserve(const AddressReserve&) = delete;
  AddressReserve& operator=(const AddressReserve&) = delete;

  // The system has it back. May be called again.
  void GiveBack();

 private:
  void* start_ = nullptr;
  size_t bytes_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_ADDRESS_RESERVE_H_
