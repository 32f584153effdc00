#include "cli/program.h"

int main(int argc, char** argv) { return mlprov::cli::run_program(argc, argv); }
