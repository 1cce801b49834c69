# What R says of comparisons of a made-up sample: Rscript comparisons.R <folder>
#
# Reads compared.csv from the folder and writes comparisons.csv (case, name, value). Where R has no function, the numbers
# are put together from its totals and their covariance: `svycontrast` differentiates the expressions by itself.
suppressMessages(library(survey))
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
firms <- read.csv(file.path(folder, "compared.csv"), stringsAsFactors = TRUE)
firms$cell <- interaction(firms$size, firms$branch, drop = TRUE)
results <- list()
note <- function(case, ...) {
  values <- c(...)
  results[[length(results) + 1]] <<- data.frame(case = case, name = names(values), value = as.numeric(values))
}
whole <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~N, data = firms)
pair <- subset(whole, group %in% c("a", "b"))
pair$variables$inside <- as.numeric(pair$variables$group == "a")

# A pair of groups: a test of Student, weighted and without weights.
tested <- function(case, design) {
  fit <- svyttest(y ~ inside, design)
  note(case, difference = fit$estimate[[1]], t = fit$statistic[[1]])
}
tested("pair", pair)
plain <- svydesign(ids = ~1, strata = ~stratum, weights = rep(1, nrow(firms)), fpc = ~N, data = firms)
plain <- subset(plain, group %in% c("a", "b"))
plain$variables$inside <- as.numeric(plain$variables$group == "a")
tested("unweighted", plain)

# All groups: the chi-square of Rao and Scott, and Wald's test on the joint covariance of the means and of the ratios.
chisq <- svychisq(~yes + group, whole, statistic = "F")
note("share", value = chisq$statistic[[1]], df1 = chisq$parameter[[1]], df2 = chisq$parameter[[2]], p = chisq$p.value[[1]])
crossed <- prop.table(svytable(~yes + group, whole))
expected <- outer(rowSums(crossed), colSums(crossed))
note("share", effect_size = sqrt(sum((crossed - expected)^2 / expected)))
joint <- function(case, by) {
  theta <- coef(by); k <- length(theta) - 1; nu <- degf(whole)
  turn <- cbind(-1, diag(k))
  distance <- turn %*% theta
  w <- as.numeric(t(distance) %*% solve(turn %*% vcov(by) %*% t(turn), distance))
  value <- w * (nu - k + 1) / (nu * k)
  note(case, value = value, df1 = k, df2 = nu - k + 1, p = pf(value, k, nu - k + 1, lower.tail = FALSE))
}
joint("mean", svyby(~y, ~group, whole, svymean, covmat = TRUE))
joint("ratio", svyby(~y, ~group, denominator = ~x, whole, svyratio, covmat = TRUE))

# Items of the same firms.
firms_apart <- update(subset(whole, group == "a"), apart = 100 * (yes - other))
apart <- svymean(~apart, firms_apart)
note("rank", difference = coef(apart)[[1]], se = SE(apart)[[1]])

# At an equal composition.
for (outcome in c("y", "yes")) {
  fit <- svyglm(as.formula(paste(outcome, "~ inside + cell")), pair)
  found <- summary(fit)$coefficients["inside", ]
  note(paste0("adjusted_", outcome), difference = found[[1]], se = found[[2]], t = found[[3]])  # df: as survey.R says
}

# A gap taken apart by one term, known: all is a function of totals.
for (name in c("a", "b")) {
  inside <- pair$variables$group == name
  columns <- with(pair$variables, data.frame(n = 1, x = known, y = y, xx = known^2, xy = known * y))
  for (column in names(columns)) pair$variables[[paste0(column, name)]] <- inside * columns[[column]]
}
totals <- svytotal(~ na + nb + xa + xb + ya + yb + xxa + xxb + xya + xyb, pair)
slope <- list(
  group = quote((xya - xa * ya / na) / (xxa - xa^2 / na)),
  reference = quote((xyb - xb * yb / nb) / (xxb - xb^2 / nb)),
  pooled = quote((xya - xa * ya / na + xyb - xb * yb / nb) / (xxa - xa^2 / na + xxb - xb^2 / nb))
)
slope$weighted <- substitute(na / (na + nb) * a + nb / (na + nb) * b, list(a = slope$group, b = slope$reference))
for (name in names(slope)) {
  parts <- list(
    gap = quote(ya / na - yb / nb),
    explained = substitute((xa / na - xb / nb) * s, list(s = slope[[name]])),
    unexplained = substitute(ya / na - yb / nb - (xa / na - xb / nb) * s, list(s = slope[[name]])),
    unexplained_known = substitute(
      xa / na * (a - s) + xb / nb * (s - b), list(a = slope$group, b = slope$reference, s = slope[[name]])
    )
  )
  for (part in names(parts)) {
    found <- svycontrast(totals, setNames(list(parts[[part]]), part))
    note(paste0("decomposed_", name), setNames(c(coef(found), SE(found)), c(part, paste0(part, "_se"))))
  }
}

# Few firms: 2 of 72 against 280 of 1831, and a table with an empty cell.
firth <- function(cells) {
  x <- cbind(1, c(1, 0)); yes <- cells[, 1]; n <- rowSums(cells)
  penalised <- function(beta) {
    p <- plogis(x %*% beta)
    sum(dbinom(yes, n, p, log = TRUE)) + 0.5 * log(det(t(x) %*% (as.numeric(n * p * (1 - p)) * x)))
  }
  best <- optim(c(0, 0), function(b) -penalised(b), method = "BFGS", control = list(reltol = 1e-15, ndeps = rep(1e-5, 2)))
  profile <- function(b) optimize(function(a) penalised(c(a, b)), c(-15, 15), maximum = TRUE, tol = 1e-10)$objective
  limit <- function(b) profile(b) - (-best$value - qchisq(0.95, 1) / 2)
  c(
    estimate = best$par[2],
    lower = uniroot(limit, c(best$par[2] - 12, best$par[2]), tol = 1e-9)$root,
    upper = uniroot(limit, c(best$par[2], best$par[2] + 12), tol = 1e-9)$root
  )
}
note("firth", firth(rbind(c(2, 70), c(280, 1551))))
note("firth_empty", firth(rbind(c(0, 12), c(9, 30))))
note("exact", p = binom.test(3, 15)$p.value)
write.csv(do.call(rbind, results), file.path(folder, "comparisons.csv"), row.names = FALSE)
