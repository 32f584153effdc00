#pragma once

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

/// One thing that was looked at.
struct DoctorFinding {
  enum class Grade { kGood, kNote, kBad };
  Grade grade = Grade::kGood;
  std::string topic;  ///< Stable: `journal`, `file-system`, `space`, `log`, `runs`, ...
  std::string text;   ///< A sentence; for a bad one with the way out.
};

/// What `mlprov doctor` prints.
struct DoctorReport {
  std::vector<DoctorFinding> findings;

  bool healthy() const noexcept;
};

Json doctor_to_json(const DoctorReport& report);

}  // namespace mlprov
