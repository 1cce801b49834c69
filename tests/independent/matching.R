# Effects by matching with the package Matching (Sekhon): estimates and the standard errors of Abadie and Imbens.
#
#     Rscript matching.R units.csv effects.csv

suppressMessages(library(Matching))
files <- commandArgs(trailingOnly = TRUE)
units <- read.csv(files[1])
covariates <- as.matrix(units[, c("a", "b", "c")])
rows <- list()
add <- function(name, matched) {
  rows[[length(rows) + 1]] <<- data.frame(name = name, estimate = as.numeric(matched$est), se = matched$se)
}
for (effect in c("att", "ate")) for (neighbours in c(1, 3)) for (adjusted in c(FALSE, TRUE)) {
  add(
    paste(effect, neighbours, adjusted),
    Match(
      Y = units$outcome, Tr = units$treated, X = covariates, estimand = toupper(effect), M = neighbours,
      BiasAdjust = adjusted, Weight = 2, Var.calc = 4, distance.tolerance = 1e-12
    )
  )
}
add(
  "exact",
  Match(
    Y = units$outcome, Tr = units$treated, X = cbind(covariates, units$cell), Z = covariates, estimand = "ATT", M = 1,
    exact = c(FALSE, FALSE, FALSE, TRUE), Weight = 2, Var.calc = 4, distance.tolerance = 1e-12
  )
)
write.csv(do.call(rbind, rows), files[2], row.names = FALSE)
