# What a script has found: `note` for coefficients and their errors, `note_test` for tests.
results <- list()
tests <- list()

note <- function(case, fit, covariance = vcov(fit), terms = names(coef(fit))) {
  results[[length(results) + 1]] <<- data.frame(
    case = case, term = terms, estimate = as.numeric(coef(fit)[terms]), se = sqrt(diag(as.matrix(covariance)))[terms]
  )
}
note_test <- function(case, test, statistic) {
  tests[[length(tests) + 1]] <<- data.frame(case = case, test = test, statistic = as.numeric(statistic))
}
